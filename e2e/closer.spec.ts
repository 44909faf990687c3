import { expect, test } from '@playwright/test';
import { LabPage } from './lab.ts';

test('a chart is enlarged by its button or a double click, and Escape leads back', async ({ page }) => {
  const lab = new LabPage(page);
  await lab.open('rule=bp&net=16');
  await lab.button('Step').click();
  await expect.poll(() => lab.step()).toBe(1);
  const chart = lab.chart('Accuracy');
  const width = async (): Promise<number> => (await chart.boundingBox())?.width ?? 0;
  const before = await width();
  const enlarge = lab.button('Enlarge Accuracy');
  await enlarge.press('Enter');
  await expect(enlarge).toBeFocused();
  await expect(page.getByRole('figure')).toHaveCount(1);
  expect(await width()).toBeGreaterThan(1.8 * before);
  await page.keyboard.press('Escape');
  await expect(page.getByRole('figure')).toHaveCount(4);
  await expect(enlarge).toBeFocused();

  // A double click on what stands in the chart is no double click on the chart.
  await chart.getByRole('button', { name: /^Horizontal axis/ }).dblclick();
  await chart.locator('canvas').dblclick();
  await expect(page.getByRole('figure')).toHaveCount(1);
  // The cursor is where the mouse is, however large the letters are.
  const box = (await chart.locator('canvas').boundingBox()) ?? { x: 0, y: 0, width: 0, height: 0 };
  await page.mouse.move(box.x + 0.99 * box.width, box.y + box.height / 2);
  await expect(chart).toContainText(/train\d+\.\d\d %/);
  // What is open over it is closed first.
  await lab.button('Accuracy as a table').click();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toBeHidden();
  await expect(page.getByRole('figure')).toHaveCount(1);
  await enlarge.click();
  await expect(page.getByRole('figure')).toHaveCount(4);
  expect(lab.complaints).toEqual([]);
});

test('a stretch of the run is picked with the mouse or the keys, shown by all charts, and left again', async ({
  page,
}) => {
  const lab = new LabPage(page);
  await lab.open('rule=bp&net=16');
  await lab.button('Train').click();
  await lab.waitForStep(200);
  await lab.button('Pause').click();
  const last = await lab.restingStep();
  const chart = lab.chart('Loss');
  const whole = lab.button('Whole run');
  const told = async (): Promise<number[]> => {
    const text = (await page.getByText(/^Steps [\d\u202f]+ to /).textContent()) ?? '';
    return [...text.replaceAll('\u202f', '').matchAll(/\d+/g)].map(Number);
  };
  const box = (await chart.locator('canvas').boundingBox()) ?? { x: 0, y: 0, width: 0, height: 0 };
  const drag = async (from: number, to: number): Promise<void> => {
    await page.mouse.move(box.x + from * box.width, box.y + box.height / 2);
    await page.mouse.down();
    await page.mouse.move(box.x + to * box.width, box.y + box.height / 3);
  };

  await drag(0.3, 0.5);
  await page.keyboard.press('Escape');
  await page.mouse.up();
  await expect(whole).toHaveCount(0);

  await drag(0.5, 0.3);
  await page.mouse.up();
  await expect(whole).toHaveCount(4);
  const [from, to] = await told();
  expect(from).toBeGreaterThan(0.1 * last);
  expect(to).toBeLessThan(0.7 * last);
  await lab.button('Loss as a table').click();
  const rows = await page.getByRole('dialog').getByRole('rowheader').allTextContents();
  expect(rows.map(Number).filter((step) => step < from || step > to)).toEqual([]);
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toBeHidden();
  // The first double click leads back, the second enlarges.
  await chart.locator('canvas').dblclick();
  await expect(whole).toHaveCount(0);
  await expect(page.getByRole('figure')).toHaveCount(4);

  await chart.focus();
  await page.keyboard.press('Home');
  await page.keyboard.press('+');
  await expect(whole).toHaveCount(4);
  expect((await told())[0]).toBeLessThan(from);
  await page.keyboard.press('Escape');
  await expect(whole).toHaveCount(0);
  await page.keyboard.press('+');
  await chart.getByRole('button', { name: 'Whole run' }).press('Enter');
  await expect(whole).toHaveCount(0);
  await expect(chart).toBeFocused();
  expect(lab.complaints).toEqual([]);
});
