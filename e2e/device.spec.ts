import { expect, test, type Page } from '@playwright/test';
import { LabPage } from './lab.ts';

test('where WebGPU is software, one click trains on the CPU', async ({ page }) => {
  const lab = new LabPage(page);
  await lab.open('rule=pfa&net=16&x=2');
  const banner = page.getByText('This browser computes WebGPU on the processor');
  await expect(banner).toBeVisible();
  await lab.button('Train on the CPU').press('Enter');
  await expect(page.getByRole('banner')).toContainText('CPU');
  await expect(banner).toBeHidden();
  // The button is gone, the keyboard's place is not.
  expect(await page.evaluate(() => document.activeElement === document.body)).toBe(false);
  await page.keyboard.press('Tab');
  await expect(lab.button('Dismiss this introduction')).toBeFocused();
  await page.keyboard.press('Enter');
  await page.keyboard.press('Tab');
  await expect(lab.button('BP')).toBeFocused();
  await lab.button('Train').click();
  await lab.waitForStep(20);

  // Whoever closes it has chosen too.
  await page.evaluate(() => localStorage.clear());
  await page.reload();
  await lab.button('Dismiss this notice').click();
  await page.reload();
  await expect(lab.button('Train')).toBeEnabled();
  await expect(banner).toBeHidden();
  expect(lab.complaints).toEqual([]);
});

test('a run moves to the CPU, goes on there, and the choice is kept', async ({ page }) => {
  const lab = new LabPage(page);
  await lab.open('rule=pfa&net=16&x=2');
  await lab.button('Train').click();
  await lab.waitForStep(20);
  const header = page.getByRole('banner');
  await expect(header).toContainText('software adapter');
  await header.getByRole('button', { name: /software adapter/ }).click();
  await choose(page, 'CPU');
  await expect(header).toContainText('CPU');
  const moved = await lab.step();
  expect(moved).toBeGreaterThanOrEqual(20);
  await lab.waitForStep(moved + 20);

  await page.reload();
  await expect(lab.button('Train')).toBeEnabled();
  await expect(header).toContainText('CPU');
  await header.getByRole('button', { name: /CPU/ }).click();
  await choose(page, 'WebGPU');
  await expect(header).toContainText('software adapter');
  expect(lab.complaints).toEqual([]);
});

/** Chooses in the open dialog, waits until the run has moved, and closes it. */
async function choose(page: Page, name: string): Promise<void> {
  const radio = page.getByRole('radio', { name, exact: true });
  await radio.check();
  await expect(page.getByRole('group', { name: 'Train on' })).toHaveAttribute('aria-busy', 'false');
  await page.keyboard.press('Escape');
}
