import { expect, test } from '@playwright/test';
import { LabPage } from './lab.ts';

test('the colours that were chosen are there on the next visit', async ({ page }) => {
  const lab = new LabPage(page);
  await lab.open('rule=bp&net=16');
  const ink = (): Promise<string> => page.evaluate(() => getComputedStyle(document.body).color);
  const light = await ink();
  await page.getByRole('button', { name: /dark/i }).click();
  const dark = await ink();
  expect(dark).not.toBe(light);
  await page.reload();
  await expect(lab.button('Train')).toBeVisible();
  expect(await ink()).toBe(dark);
  expect(lab.complaints).toEqual([]);
});

test('the link that is copied opens this very experiment', async ({ page, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  const lab = new LabPage(page);
  await lab.open('rule=kp&net=20&lr=0.02');
  await page.getByRole('button', { name: /link/i }).click();
  await expect(page.getByText('Link to this experiment copied.')).toBeVisible();
  const link = await page.evaluate(() => navigator.clipboard.readText());
  await page.goto('about:blank');
  await page.goto(link);
  await expect(page.getByRole('textbox', { name: /^Network/ })).toHaveValue('20');
  await expect(page.getByRole('textbox', { name: /^Learning rate/ })).toHaveValue('0.02');
  await expect(lab.button('KP')).toHaveAttribute('aria-pressed', 'true');
  expect(lab.complaints).toEqual([]);
});

test('the browser asks before more than an epoch is closed that is in no file', async ({ page }) => {
  await page.addInitScript(() => localStorage.setItem('feedback-lab.device', 'cpu'));
  const lab = new LabPage(page);
  await lab.open('rule=bp&net=16');
  await lab.button('Train').click();
  await lab.waitForStep(940);
  const asked = page.waitForEvent('dialog');
  await page.close({ runBeforeUnload: true });
  const dialog = await asked;
  expect(dialog.type()).toBe('beforeunload');
  await dialog.accept();
});
