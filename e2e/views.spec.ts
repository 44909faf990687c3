import { expect, test } from '@playwright/test';
import { rules } from '../src/model/rules/index.ts';
import { LabPage } from './lab.ts';

test('a network is built layer by layer, with its shapes, and then trains', async ({ page }) => {
  const lab = new LabPage(page);
  await lab.open('rule=bp&net=16');
  await lab.button('Build the network').click();
  const dialog = page.getByRole('dialog');
  const text = dialog.getByRole('textbox', { name: 'As text' });
  const layer = (number: number) => dialog.getByRole('listitem', { name: `Layer ${number}`, exact: true });

  await dialog.getByRole('button', { name: 'Add: Convolution' }).click();
  const remark = dialog.getByText(/It belongs above the fully connected layers/);
  await expect(remark).toBeVisible();
  await dialog.getByRole('button', { name: 'Move Layer 2 up' }).click();
  await expect(remark).toBeHidden();
  await expect(text).toHaveValue('c16k3s2-16');
  await expect(layer(1)).toContainText('14×14×16');
  await dialog.getByRole('textbox', { name: 'Layer 1, channels' }).fill('4');
  await expect(text).toHaveValue('c4k3s2-16');
  await expect(layer(1)).toContainText('40 weights');

  await dialog.getByRole('textbox', { name: 'Layer 1, notation' }).fill('c4k40p1');
  await expect(layer(1).getByRole('alert')).toContainText('does not fit');
  await expect(layer(2)).toContainText('–');
  await expect(dialog.getByRole('button', { name: 'Use this network' })).toBeDisabled();
  await text.fill('c4k5s3-flat-12');
  await expect(layer(3)).toContainText('12');
  await dialog.getByRole('button', { name: 'Remove Layer 3' }).click();
  await expect(text).toHaveValue('c4k5s3-flat');
  await dialog.getByRole('button', { name: 'Use this network' }).click();

  await expect(page.getByRole('textbox', { name: /^Network/ })).toHaveValue('c4k5s3-flat');
  await expect(page).toHaveURL(/net=c4k5s3-flat/);
  await expect(page.getByText(/weights · [\d.]+ MiB/)).toBeVisible();
  await lab.button('Step').click();
  await expect.poll(() => lab.step()).toBe(1);
  expect(lab.complaints).toEqual([]);
});

test('what is no network stays in the builder as it was typed, and is not used', async ({ page }) => {
  const lab = new LabPage(page);
  await lab.open('rule=bp&net=16');
  await lab.button('Build the network').click();
  const dialog = page.getByRole('dialog');
  const text = dialog.getByRole('textbox', { name: 'As text' });
  const use = dialog.getByRole('button', { name: 'Use this network' });
  const before = await use.boundingBox();
  const refused = async (typed: string, reason: string): Promise<void> => {
    await expect(use).toBeDisabled();
    await expect(use).toHaveAccessibleDescription(reason);
    // As a mouse leaves the field, whatever it is over.
    await use.click({ force: true });
    await expect(text).toHaveValue(typed);
    expect(await use.boundingBox()).toEqual(before);
  };
  const problem = dialog.getByRole('alert');

  await text.press('End');
  await text.pressSequentially('-256x-64');
  await expect(problem).toHaveText(/“256x” is not a layer/);
  await refused('16-256x-64', 'Correct layer 2, which is marked.');
  await text.fill('a(c4k3');
  await expect(problem.first()).toHaveText(/Close every bracket/);
  await refused('a(c4k3', 'Correct the text.');
  await text.fill('16-8');
  await dialog.getByRole('textbox', { name: 'Layer 2, units' }).fill('1000000');
  await expect(problem).toHaveText(/a fully connected layer has 1 to 999999 units/);
  await refused('16-1000000', 'Correct layer 2, which is marked.');
  await dialog.getByRole('textbox', { name: 'Layer 2, units' }).fill('12');
  await use.click();
  await expect(page.getByRole('textbox', { name: /^Network/ })).toHaveValue('16-12');
  expect(lab.complaints).toEqual([]);
});

test('what was built is not dropped by one Escape', async ({ page }) => {
  const lab = new LabPage(page);
  await lab.open('rule=bp&net=16');
  const dialog = page.getByRole('dialog');
  await lab.button('Build the network').click();
  await page.keyboard.press('Escape');
  await expect(dialog).toBeHidden();

  await lab.button('Build the network').click();
  await dialog.getByRole('button', { name: 'Add: Convolution' }).click();
  await page.keyboard.press('Escape');
  await expect(dialog.getByText('Close once more to drop them')).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(dialog).toBeHidden();
  await expect(page.getByRole('textbox', { name: /^Network/ })).toHaveValue('16');
  expect(lab.complaints).toEqual([]);
});

test('a known network comes with its usual settings', async ({ page }) => {
  const lab = new LabPage(page);
  await lab.open('rule=bp&net=16');
  await lab.button('Build the network').click();
  const dialog = page.getByRole('dialog');
  const known = dialog.getByRole('button', { name: 'Small CNN' });
  const text = dialog.getByRole('textbox', { name: 'As text' });
  await known.click();
  await expect(text).toHaveValue('c8k3s2-c16k3s2-flat');
  await text.fill('512');
  await expect(known).toHaveAttribute('aria-pressed', 'false');
  await expect(dialog).not.toContainText('usual settings');
  await text.fill('c8k3s2-c16k3s2-flat');
  await expect(known).toHaveAttribute('aria-pressed', 'true');
  await dialog.getByRole('button', { name: 'Use this network' }).click();
  await expect(page.getByRole('textbox', { name: /^Learning rate/ })).toHaveValue('0.02');
  expect(lab.complaints).toEqual([]);
});

test('the synapses of a mixture are shown beside the cortex, and matched to it', async ({ page }) => {
  const lab = new LabPage(page);
  await lab.open('rule=mixed&net=24&fs=0.1&lr=0.5');
  await lab.button('Synapses').click();
  const chart = page.getByRole('figure', { name: /^Synapses chart/ });
  await expect(chart).toContainText(/R-?0\.\d{3}angle\d+\.\d°cortexR ≈ 0\.2, 78°/);
  await chart.getByRole('combobox', { name: 'Layer' }).selectOption('layer 1');
  await expect(chart).toContainText(/R-?0\.\d{3}/);
  const before = await chart.textContent();
  await lab.button('Step').click();
  await expect.poll(() => chart.textContent()).not.toBe(before);

  await chart.getByRole('button', { name: 'Match the cortex' }).click();
  const share = page.getByRole('textbox', { name: /^Share of FA/ });
  await expect(share).not.toHaveValue('0.1');
  expect(Number(await share.inputValue())).toBeLessThan(0.31);
  await lab.button('Restart now').click();
  await expect.poll(() => lab.step()).toBe(0);
  expect(lab.complaints).toEqual([]);
});

test('the first test images are shown with what the network takes them for', async ({ page }) => {
  const lab = new LabPage(page);
  await lab.open('rule=bp&net=16');
  await lab.button('Answers').click();
  const figure = page.getByRole('figure', { name: /^Answers/ });
  await expect(figure).toContainText('appear here');
  await lab.button('Train').click();
  await expect(figure).toContainText(/right([2-3]\d|40) of 40 at step \d+/);
  await expect(figure.getByRole('listitem')).toHaveCount(40);
  // MNIST's test images begin with a seven.
  await expect(figure.getByRole('listitem').first()).toHaveText(/^(7|\d ≠ 7)$/);
  expect(lab.complaints).toEqual([]);
});

test('the way back is drawn in place of the loss, told in words, and moves as the network trains', async ({ page }) => {
  const lab = new LabPage(page);
  await lab.open('rule=pfa&net=16&x=2');
  await lab.button('Way back').click();
  const figure = page.getByRole('figure', { name: /^Way back/ });
  await expect(figure.getByRole('listitem')).toHaveText([
    '784 to 16 units. Way back: the error of the layer, then B, fixed, then R, learns.',
    '16 to 10 units. Way back: the error of the layer, then B, fixed, then R, learns.',
  ]);
  const picture = (): Promise<string> =>
    figure.locator('canvas').evaluate((canvas: HTMLCanvasElement) => canvas.toDataURL());
  const before = await picture();
  await lab.button('Step').click();
  await expect.poll(() => lab.step()).toBe(1);
  await expect.poll(picture).not.toBe(before);
  await lab.button('DFA').click();
  await lab.button('Restart from the same seed').click();
  await expect(figure.getByRole('listitem').first()).toContainText('the error of the output, then B, fixed');
  await lab.button('Loss').click();
  await expect(page.getByRole('figure', { name: /^Loss chart/ })).toBeVisible();
  expect(lab.complaints).toEqual([]);
});

test('a tab that the keyboard has chosen keeps it, and Space goes on to be the tab’s', async ({ page }) => {
  const lab = new LabPage(page);
  await lab.open('rule=bp&net=16');
  for (const [tab, key] of [
    ['Way back', 'Enter'],
    ['Loss', 'Space'],
    ['Synapses', 'Enter'],
    ['Update angle', 'Space'],
  ] as const) {
    await lab.button(tab).focus();
    await page.keyboard.press(key);
    await expect(lab.button(tab)).toHaveAttribute('aria-pressed', 'true');
    await expect(lab.button(tab)).toBeFocused();
    await page.keyboard.press('Space');
  }
  await expect(lab.button('Train')).toBeVisible();
  // Before the first step there may be none to read.
  expect((await lab.step()) || 0).toBe(0);
  expect(lab.complaints).toEqual([]);
});

test('what the mouse has pressed leaves Space to the training; what a key has pressed does not', async ({ page }) => {
  const lab = new LabPage(page);
  await lab.open('rule=bp&net=16');
  const training = page.getByRole('group', { name: 'Training' });
  for (const name of [
    'Logarithmic loss axis',
    'Horizontal axis in steps; show epochs',
    /^Switch to/,
    'FA',
    'Way back',
    'Loss',
  ]) {
    await page.getByRole('button', { name, exact: true }).first().click();
    await page.keyboard.press('Space');
    await expect(training.getByRole('button', { name: 'Pause' })).toBeVisible();
    await page.keyboard.press('Space');
    await expect(training.getByRole('button', { name: 'Train' })).toBeVisible();
  }
  // Windows and menus that the mouse opens and closes.
  const help = page.getByRole('dialog', { name: 'Help' });
  const windows = [
    ['Help and shortcuts', help, () => help.getByRole('button', { name: 'Close' }).click()],
    ['Files', page.getByRole('menu'), () => page.mouse.click(20, 700)],
  ] as const;
  for (const [name, opened, close] of windows) {
    await lab.button(name).click();
    await expect(opened).toBeVisible();
    await close();
    await expect(opened).toBeHidden();
    await page.keyboard.press('Space');
    await expect(training.getByRole('button', { name: 'Pause' })).toBeVisible();
    await page.keyboard.press('Space');
    await expect(training.getByRole('button', { name: 'Train' })).toBeVisible();
  }
  await lab.button('Logarithmic loss axis').focus();
  for (const pressed of [false, true]) {
    await page.keyboard.press('Space');
    await expect(lab.button('Logarithmic loss axis')).toHaveAttribute('aria-pressed', String(pressed));
  }
  expect(lab.complaints).toEqual([]);
});

test('every rule says how many criteria it meets, and shows all rules side by side', async ({ page }) => {
  const lab = new LabPage(page);
  await lab.open('rule=wm&net=16&m0=1');
  await lab.button('Meets 4 of 6 criteria. Compare rules').click();
  const table = page.getByRole('dialog').getByRole('table');
  await expect(table.getByRole('columnheader')).toHaveCount(
    1 + rules.filter(({ table: marked }) => marked !== null).length,
  );
  await expect(table.getByRole('rowheader')).toHaveCount(6);
  await expect(
    table
      .getByRole('row', { name: /No need to transport weight sign/ })
      .getByRole('cell')
      .first(),
  ).toHaveAccessibleName('no');
  // On a phone the table scrolls in its frame, and nothing else does.
  await page.setViewportSize({ width: 390, height: 844 });
  expect(await page.getByRole('dialog').evaluate((box) => box.scrollWidth - box.clientWidth)).toBe(0);
  expect(lab.complaints).toEqual([]);
});

test('help tells what every tab shows, and the way out of it stays in sight', async ({ page }) => {
  const lab = new LabPage(page);
  await lab.open('rule=pfa&net=16&x=2');
  const tabs = await page
    .getByRole('group', { name: /^(Loss|Angle|Accuracy)/ })
    .getByRole('button')
    .allTextContents();
  expect(tabs).toEqual(expect.arrayContaining(['Way back', 'Synapses', 'Answers']));
  await lab.button('Help and shortcuts').click();
  const dialog = page.getByRole('dialog');
  for (const tab of tabs) await expect(dialog.getByRole('term').filter({ hasText: tab })).toBeVisible();
  await dialog.getByRole('definition').last().scrollIntoViewIfNeeded();
  await expect(dialog.getByRole('button', { name: 'Close' })).toBeInViewport();
  await dialog.getByRole('button', { name: 'Close' }).click();
  await expect(dialog).toBeHidden();
  expect(lab.complaints).toEqual([]);
});
