import { expect, test } from '@playwright/test';
import { LabPage } from './lab.ts';

test('a run that diverges stops with a word about it', async ({ page }) => {
  const lab = new LabPage(page);
  await lab.open('rule=bp&net=16&lr=10&mu=0.999');
  await lab.button('Train').click();
  await expect(page.getByText(/Training diverged by step/).first()).toBeVisible();
  const transport = page.getByRole('group', { name: 'Training' });
  await expect(transport.getByRole('button', { name: 'Reset' })).toBeEnabled();
  await page.getByRole('alert').getByRole('button', { name: 'Reset' }).click();
  await expect.poll(() => lab.step()).toBe(0);
  await expect(lab.button('Train')).toBeEnabled();
});

test('missing data is explained', async ({ page }) => {
  await page.route('**/datasets/MANIFEST.json', (route) => route.fulfill({ status: 404 }));
  await page.goto('./#rule=bp&net=16');
  await expect(page.getByText(/could not be loaded/).first()).toBeVisible();
});

test('a worker that cannot start is reported, and the lab can be restarted', async ({ page }) => {
  await page.route(/lab\.worker.*\.js/, (route) => route.abort());
  await page.goto('./#rule=bp&net=16');
  await expect(page.getByText(/worker stopped/i).first()).toBeVisible();
  await page.unroute(/lab\.worker.*\.js/);
  await page.getByRole('button', { name: 'Restart the lab' }).click();
  await expect(page.getByRole('button', { name: 'Train', exact: true })).toBeEnabled();
});
