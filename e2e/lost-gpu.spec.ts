import { expect, test } from '@playwright/test';
import { browserLaunch } from '../scripts/browser.ts';
import { LabPage } from './lab.ts';

/** The step that a notice says it goes on from. */
const stepIn = (notice: string | null): number => Number(/from step (\d+)/.exec(notice ?? '')?.[1] ?? NaN);

const { args, ...rest } = browserLaunch();
const patient = ['--disable-domain-blocking-for-3d-apis', '--disable-gpu-process-crash-limit'];
test.use({ launchOptions: { ...rest, args: [...args, ...patient] } });

test('the lab gets it back and goes on, twice', async ({ page, browser }) => {
  const lab = new LabPage(page);
  await lab.open('rule=bp&net=32');
  await lab.button('Train').click();
  await lab.waitForStep(30);
  const session = await browser.newBrowserCDPSession();
  let last = 0;
  for (let crash = 0; crash < 2; crash++) {
    await session.send('Browser.crashGpuProcess' as never);
    const notice = page.getByText(/GPU was lost and found again/).nth(crash);
    await expect(notice).toBeAttached();
    // The first copy is taken before the first step, the next ones every 15 seconds; a recovered run has one at once.
    const resumed = stepIn(await notice.textContent());
    expect(resumed).toBeGreaterThanOrEqual(last);
    last = resumed;
    await lab.waitForStep(resumed + 50);
  }
  expect(await lab.reading('Loss', 'train')).toBeLessThan(1.5);
});
