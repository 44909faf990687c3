import { expect, test } from '@playwright/test';
import { browserLaunch } from '../scripts/browser.ts';
import { LabPage } from './lab.ts';

const { args, ...rest } = browserLaunch();
test.use({ launchOptions: { ...rest, args: args.filter((arg) => !/webgpu/i.test(arg)) } });

test('the page says why and trains on the CPU', async ({ page }) => {
  const lab = new LabPage(page);
  await lab.open('rule=pfa&net=16&x=2');
  await expect(page.getByText(/CPU/).first()).toBeVisible();
  // By WebAssembly, which the content security policy has to allow, and on threads, for which the page has to be isolated.
  await expect(page.getByText(/WebAssembly, [1-8] thread/).first()).toBeVisible();
  await lab.button('Train').click();
  await lab.waitForStep(20);

  // Who has read why is not told again; the header still says what it trains on.
  const why = page.getByText(/Until then the lab trains on the CPU/);
  await expect(why).toBeVisible();
  await lab.button('Dismiss this notice').click();
  await expect(why).toBeHidden();
  await page.reload();
  await expect(page.getByText(/WebAssembly, [1-8] thread/).first()).toBeVisible();
  await expect(lab.button('Train')).toBeEnabled();
  await expect(why).toBeHidden();
  await lab.button('Train').click();
  await lab.waitForStep(20);
  await expect.poll(() => lab.reading('Loss', 'test')).toBeGreaterThan(0);
  expect(lab.complaints.filter((text) => !/WebGPU|adapter/i.test(text))).toEqual([]);
});
