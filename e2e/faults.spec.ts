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

test('a data set that the site does not have is added from where it is missed', async ({ page }) => {
  const lab = new LabPage(page);
  await lab.open('rule=bp&net=16');
  await page.getByRole('combobox', { name: /^Data set/ }).selectOption('Fashion-MNIST (files needed)');
  const told = page.getByRole('alert').filter({ hasText: 'There is no data set' });
  await expect(told).toBeVisible();
  const choosing = page.waitForEvent('filechooser');
  await told.getByRole('button', { name: 'Add files…' }).click();
  const file = { name: 'notes.txt', mimeType: 'text/plain', buffer: Buffer.from('nothing') };
  await (await choosing).setFiles([file]);
  await expect(page.getByRole('alert').filter({ hasText: 'notes.txt' })).toBeVisible();
  expect(lab.complaints).toEqual([]);
});

test('a worker that cannot start is reported, and the lab can be restarted', async ({ page }) => {
  await page.route(/lab\.worker.*\.js/, (route) => route.abort());
  await page.goto('./#rule=bp&net=16');
  await expect(page.getByText(/worker stopped/i).first()).toBeVisible();
  await page.unroute(/lab\.worker.*\.js/);
  await page.getByRole('button', { name: 'Restart the lab' }).click();
  await expect(page.getByRole('button', { name: 'Train', exact: true })).toBeEnabled();
});

test('what is refused far down a phone’s page is told where it can be seen', async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  const lab = new LabPage(page);
  await lab.open('rule=bp&net=16');
  await lab.button('Step').click();
  await expect.poll(() => lab.step()).toBe(1);
  await page.getByRole('textbox', { name: /^Network/ }).fill('c16k3-flat-99999');
  await page.keyboard.press('Tab');
  await lab.button('Restart now').click();
  const told = page.getByRole('alert').filter({ hasText: 'binds at most' });
  await expect(told).toBeInViewport();
  // A few lines, and not a word on each beside the way out.
  expect((await told.boundingBox())?.height).toBeLessThan(200);
  await page.getByRole('button', { name: 'Back to the running settings' }).click();
  await expect(page.getByRole('textbox', { name: /^Network/ })).toHaveValue('16');
});
