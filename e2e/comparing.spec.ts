import { readFile } from 'node:fs/promises';
import { AxeBuilder } from '@axe-core/playwright';
import { expect, test, type Page } from '@playwright/test';
import { LabPage } from './lab.ts';

/** So many runs of a rule, each long enough to be kept, and the present one behind them. */
async function trainRuns(page: Page, runs: number): Promise<LabPage> {
  const lab = new LabPage(page);
  await lab.open('rule=fa&net=16');
  for (let run = 1; run <= runs; run++) {
    await lab.button('Train').click();
    await lab.waitForStep(25);
    await lab.button('Pause').click();
    await lab.restingStep();
    await lab.button('New seed').click();
    await expect(page.getByRole('button', { name: `Remove FA #${run}` })).toBeVisible();
  }
  return lab;
}

test('an earlier run is hidden and shown by its name, and removed by its cross, which can be undone', async ({
  page,
}) => {
  const lab = await trainRuns(page, 2);
  const chips = page.getByRole('group', { name: 'Earlier runs' });
  const first = chips.getByRole('button', { name: /^#1 FA/ });
  await first.click();
  await expect(first).toHaveAttribute('aria-pressed', 'false');
  await first.click();
  await expect(first).toHaveAttribute('aria-pressed', 'true');

  // A word on what was removed leaves by itself: one after the other, each with its way back.
  const both = [/^#1 FA/, /^#2 FA/];
  await lab.button('Clear all').click();
  await expect(chips).toBeHidden();
  await lab.button('Undo').click();
  await expect(chips.getByRole('listitem')).toHaveText(both);
  await expect(lab.button('Undo')).toBeHidden();

  await lab.button('Remove FA #1').click();
  await expect(page.getByText('Removed #1 FA')).toBeVisible();
  await lab.button('Undo').click();
  await expect(chips.getByRole('listitem')).toHaveText(both);
  expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);

  // The keyboard goes on to the other run's cross, and then stays with the charts.
  await lab.button('Remove FA #1').press('Enter');
  await expect(lab.button('Remove FA #2')).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(chips).toBeHidden();
  await expect(page.getByRole('region', { name: 'Charts' })).toBeFocused();
  expect(lab.complaints).toEqual([]);
});

test('rules train in turn, and their curves stay side by side', async ({ page }) => {
  const lab = new LabPage(page);
  await lab.open('rule=pfa&net=16');
  await page.getByRole('button', { name: /Compare rules/ }).click();
  const choice = page.getByRole('group', { name: 'Rules that train' });
  for (const name of ['DFA', 'SF', 'KP', 'PFA', 'PFA-o'])
    await choice.getByRole('button', { name, exact: true }).click();
  expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);
  await lab.button('Train 2 rules in turn').click();
  const told = page.getByRole('status').filter({ hasText: 'in turn' });
  await expect(told).toContainText('BP trains, 1 of 2 in turn. Then FA.');
  await lab.waitForStep(25);
  await lab.button('Next: FA').press('Enter');
  await expect(told).toContainText('FA trains, 2 of 2 in turn.');
  await expect(page.getByRole('group', { name: 'Earlier runs' }).getByRole('listitem')).toHaveText([/^#1 BP/]);
  // The keyboard has kept its place.
  await expect(lab.button('Close')).toBeFocused();
  await lab.waitForStep(1);
  await page.keyboard.press('Enter');
  await expect(told).toBeHidden();
  expect(lab.complaints).toEqual([]);
});

test('a run that a reload cuts short is there to compare with', async ({ page }) => {
  const lab = new LabPage(page);
  await lab.open('rule=fa&net=16');
  await lab.button('Train').click();
  await lab.waitForStep(40);
  await page.reload();
  await expect(page.getByRole('group', { name: 'Earlier runs' }).getByRole('listitem')).toHaveText([/^#1 FA/]);
  expect(lab.complaints).toEqual([]);
});

test('earlier runs are told in figures, and go into what is exported', async ({ page }) => {
  const lab = await trainRuns(page, 1);
  await lab.button('Step').click();
  await expect.poll(() => lab.step()).toBe(1);
  await expect(lab.chart('Alignment angle')).toContainText(/FA #1\d+° · \d+° at step \d+/);
  await expect(lab.chart('Norm ratio')).toContainText(/FA #1\d\.\d\d · \d\.\d\d/);

  const csv = page.waitForEvent('download');
  await lab.button('Files').click();
  await page.getByRole('menuitem', { name: 'Export numbers as CSV, with 1 earlier run' }).click();
  const [header, ...rows] = (await readFile(await (await csv).path(), 'utf8')).trimEnd().split('\n');
  expect(header).toMatch(/^run,step,/);
  expect(new Set(rows.map((row) => row.split(',')[0]))).toEqual(new Set(['1', 'present']));

  const svg = page.waitForEvent('download');
  await lab.button('Alignment angle as SVG').click();
  const drawing = await readFile(await (await svg).path(), 'utf8');
  expect(drawing).toMatch(/>#1 FA, seed \d+</);
  expect(drawing).toMatch(/>present: FA, seed \d+</);
  expect(lab.complaints).toEqual([]);
});
