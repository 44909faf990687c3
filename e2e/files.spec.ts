import { readFile } from 'node:fs/promises';
import { expect, test, type Download, type Page } from '@playwright/test';
import { LabPage } from './lab.ts';

/** What an item of the Files menu gives to download. */
async function saved(page: Page, item: string): Promise<{ name: string; bytes: Buffer }> {
  const downloading = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Files', exact: true }).click();
  await page.getByRole('menuitem', { name: item }).click();
  return take(await downloading);
}

const take = async (download: Download): Promise<{ name: string; bytes: Buffer }> => ({
  name: download.suggestedFilename(),
  bytes: await readFile(await download.path()),
});

/** Chooses files by the menu, as the keyboard does. */
async function choose(page: Page, item: RegExp, files: { name: string; bytes: Uint8Array }[]): Promise<void> {
  const choosing = page.waitForEvent('filechooser');
  await page.getByRole('button', { name: 'Files', exact: true }).focus();
  await page.keyboard.press('Enter');
  await page.getByRole('menuitem', { name: item }).press('Enter');
  await (
    await choosing
  ).setFiles(
    files.map(({ name, bytes }) => ({ name, mimeType: 'application/octet-stream', buffer: Buffer.from(bytes) })),
  );
}

/** Drops files on the middle of the page, as from the desktop. */
async function drop(page: Page, files: { name: string; bytes: Uint8Array }[]): Promise<void> {
  const transfer = await page.evaluateHandle(
    (contents) => {
      const data = new DataTransfer();
      for (const { name, bytes } of contents) data.items.add(new File([new Uint8Array(bytes)], name));
      return data;
    },
    files.map(({ name, bytes }) => ({ name, bytes: [...bytes] })),
  );
  const main = page.getByRole('main');
  await main.dispatchEvent('dragover', { dataTransfer: transfer });
  await expect(page.getByText('Drop a run, an experiment')).toBeVisible();
  await main.dispatchEvent('drop', { dataTransfer: transfer });
  await expect(page.getByText('Drop a run, an experiment')).toBeHidden();
}

/** An IDX file of unsigned bytes. */
function idx(shape: number[], byte: (index: number) => number): Uint8Array {
  const head = [0, 0, 8, shape.length, ...shape.flatMap((side) => [side >>> 24, side >>> 16, side >>> 8, side & 255])];
  const body = Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) => byte(i));
  return Uint8Array.from([...head, ...body]);
}

/** Three classes of images of 6 × 5, told apart by where they are bright. */
const tinySet = ['train', 't10k'].flatMap((split) => {
  const count = split === 'train' ? 96 : 30;
  return [
    {
      name: `${split}-images-idx3-ubyte`,
      bytes: idx([count, 6, 5], (i) => (Math.floor((i % 30) / 10) === Math.floor(i / 30) % 3 ? 200 : i % 7)),
    },
    { name: `${split}-labels-idx1-ubyte`, bytes: idx([count], (i) => i % 3) },
  ];
});

test('a run is saved and, opened again, goes on with the same numbers', async ({ page }) => {
  const lab = new LabPage(page);
  await lab.open('rule=pfa&net=24&x=2&seed=7');
  for (let step = 1; step <= 2; step++) {
    await lab.button('Step').click();
    await expect.poll(() => lab.step()).toBe(step);
    await expect(lab.button('Step')).toBeEnabled();
  }
  const file = await saved(page, 'Save run');
  expect(file.name).toBe('pfa_24_seed7_step2.safetensors');
  const numbers = await saved(page, 'Export numbers as CSV');
  await lab.button('Step').click();
  await expect.poll(() => lab.step()).toBe(3);
  const expected = await lab.reading('Loss', 'train');

  await page.goto('./#rule=bp&net=16');
  await page.reload();
  await expect(lab.button('Train')).toBeEnabled();
  await choose(page, /Open run/, [file]);
  await expect.poll(() => lab.step()).toBe(2);
  await expect(page.getByRole('textbox', { name: /^Network/ })).toHaveValue('24');
  await expect(page).toHaveURL(/rule=pfa.*seed=7/);
  expect((await saved(page, 'Export numbers as CSV')).bytes).toEqual(numbers.bytes);
  await lab.button('Step').click();
  await expect.poll(() => lab.step()).toBe(3);
  expect(await lab.reading('Loss', 'train')).toBe(expected);
  expect(lab.complaints).toEqual([]);
});

test('an experiment is exported and opened, and what is wrong in one is told', async ({ page }) => {
  const lab = new LabPage(page);
  await lab.open('rule=kp&net=20&lr=0.02&seed=5');
  const { name, bytes } = await saved(page, 'Export experiment');
  expect(JSON.parse(bytes.toString())).toMatchObject({ rule: 'kp', layers: '20', rate: 0.02, seed: 5 });
  // An address that is edited is heard.
  await page.goto('./#rule=bp&net=16');
  const network = page.getByRole('textbox', { name: /^Network/ });
  await expect(network).toHaveValue('16');
  await drop(page, [{ name, bytes }]);
  await expect(network).toHaveValue('20');
  await expect(page).toHaveURL(/rule=kp/);

  await drop(page, [{ name: 'other.json', bytes: Buffer.from('{"rule": "bp", "sped": 1, "rate": 99}') }]);
  await expect(page.getByText(/no setting “sped”/)).toBeVisible();
  await expect(page.getByText(/Learning rate takes numbers from 0 to 10/)).toBeVisible();
  await drop(page, [{ name: 'broken.json', bytes: Buffer.from('{') }]);
  await expect(page.getByText(/broken.json is not JSON/)).toBeVisible();
  await drop(page, [{ name: 'broken.safetensors', bytes: Buffer.from('nothing') }]);
  await expect(page.getByRole('alert').getByText(/broken.safetensors/)).toBeVisible();
  await expect(lab.button('Train')).toBeEnabled();
  expect(lab.complaints).toEqual([]);
});

test('the numbers and the charts can be taken away', async ({ page }) => {
  const lab = new LabPage(page);
  await lab.open('rule=fa&net=16&n=2&seed=3');
  await lab.button('Step').click();
  await expect.poll(() => lab.reading('Loss', 'train')).toBeGreaterThan(0);
  const csv = await saved(page, 'Export numbers as CSV');
  expect(csv.name).toBe('fa_16_seeds3-4_step1_numbers.csv');
  const [header = '', ...rows] = csv.bytes.toString().trimEnd().split('\n');
  expect(header.split(',')).toEqual(expect.arrayContaining(['step', 'loss', 'layer1.angle', 'layer0.gradAngle']));
  expect(new Set(rows.map((row) => row.split(',')[4]))).toEqual(new Set(['3', '4']));
  const json = await saved(page, 'Export numbers as JSON');
  expect(JSON.parse(json.bytes.toString())).toMatchObject({ experiment: { rule: 'fa' } });

  for (const title of ['Loss', 'Alignment angle', 'Accuracy', 'Norm ratio']) {
    const downloading = page.waitForEvent('download');
    await lab.button(`${title} as SVG`).click();
    const { bytes } = await take(await downloading);
    const problem = await page.evaluate(
      (text) => new DOMParser().parseFromString(text, 'image/svg+xml').querySelector('parsererror')?.textContent,
      bytes.toString(),
    );
    expect(problem).toBeUndefined();
    expect(bytes.toString()).toContain(`${title} · FA`);
  }
  expect(lab.complaints).toEqual([]);
});

test('one’s own images are dropped, chosen and learned, and are there again after a reload', async ({ page }) => {
  const lab = new LabPage(page);
  await lab.open('rule=bp&net=12&b=16');
  await drop(page, tinySet.slice(0, 3));
  await expect(page.getByText(/There is no file of test labels/)).toBeVisible();
  await drop(page, tinySet);
  await expect(page.getByText(/96 training and 30 test images of 3 classes/)).toBeVisible();
  await expect(page.getByRole('combobox', { name: /^Data set/ })).toHaveValue('own');
  await expect(page.getByText('30 – 12 – 3')).toBeVisible();
  await lab.button('Train').click();
  await expect.poll(() => lab.reading('Accuracy', 'test')).toBeGreaterThan(99);

  await page.reload();
  await expect(page.getByText('30 – 12 – 3')).toBeVisible();
  await expect(lab.button('Train')).toBeEnabled();
  await lab.button('Step').click();
  await expect.poll(() => lab.step()).toBe(1);
  expect(lab.complaints).toEqual([]);
});
