import { expect, test } from '@playwright/test';
import { browserLaunch } from '../scripts/browser.ts';
import { LabPage } from './lab.ts';

const { args, ...rest } = browserLaunch();
const patient = ['--disable-domain-blocking-for-3d-apis', '--disable-gpu-process-crash-limit'];
test.use({ launchOptions: { ...rest, args: [...args, ...patient] } });

test('the lab gets it back and goes on, twice', async ({ page, browser }) => {
  const lab = new LabPage(page);
  await lab.open('rule=bp&net=32');
  await lab.button('Train').click();
  await lab.waitForStep(30);
  const session = await browser.newBrowserCDPSession();
  for (let crash = 0; crash < 2; crash++) {
    await session.send('Browser.crashGpuProcess' as never);
    await expect(page.getByText(/GPU was lost and found again/).nth(crash)).toBeAttached();
    const resumed = await lab.step();
    await lab.waitForStep(resumed + 50);
  }
  expect(await lab.reading('Loss', 'train')).toBeLessThan(2.4);
});
