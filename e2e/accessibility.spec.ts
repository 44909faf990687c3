import { AxeBuilder } from '@axe-core/playwright';
import { expect, test, type Locator, type Page } from '@playwright/test';
import { lab as toLab } from 'd3';
import { LabPage } from './lab.ts';

const violations = async (page: Page): Promise<string[]> => {
  const { violations: found } = await new AxeBuilder({ page }).analyze();
  return found.map(
    ({ id, impact, nodes }) => `${impact}: ${id} at ${nodes.map((node) => node.target.join(' ')).join(', ')}`,
  );
};

for (const colorScheme of ['light', 'dark'] as const)
  test(`axe finds nothing, ${colorScheme}`, async ({ page }) => {
    await page.emulateMedia({ colorScheme });
    const lab = new LabPage(page);
    await lab.open('rule=pfa&net=16&x=2');
    expect(await violations(page)).toEqual([]);
    await lab.button('Step').click();
    await expect.poll(() => lab.step()).toBe(1);
    await lab.button('FA').click();
    await expect(lab.button('Restart from the same seed')).toBeVisible();
    expect(await violations(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await lab.button('Synapses').click();
    await expect(page.getByRole('figure', { name: /^Synapses/ })).toContainText('cortex');
    await lab.button('Way back').click();
    expect(await violations(page)).toEqual([]);
    for (const opener of ['Help and shortcuts', 'Build the network', /Compare rules$/]) {
      await page.getByRole('button', { name: opener }).click();
      await expect(page.getByRole('dialog')).toBeVisible();
      expect(await violations(page)).toEqual([]);
      await page.keyboard.press('Escape');
      await expect(page.getByRole('dialog')).toBeHidden();
    }
    await lab.button('Files').click();
    await expect(page.getByRole('menu')).toBeVisible();
    expect(await violations(page)).toEqual([]);
  });

/** How light an element's ground is, 0 to 100. */
const lightness = async (element: Locator): Promise<number> =>
  toLab(await element.evaluate((each) => getComputedStyle(each).backgroundColor)).l;

/** How far the grounds of two elements are apart. */
const apart = async (one: Locator, other: Locator): Promise<number> =>
  Math.abs((await lightness(one)) - (await lightness(other)));

for (const forcedColors of ['none', 'active'] as const)
  test(`what the arrow keys are at in a menu stands out, forced colours ${forcedColors}`, async ({ page }) => {
    await page.emulateMedia({ colorScheme: 'dark', forcedColors });
    const lab = new LabPage(page);
    await lab.open('rule=pfa&net=16&x=2');
    await lab.button('Files').click();
    const menu = page.getByRole('menu');
    // Keys are the menu's once it has the focus.
    await expect(menu).toBeFocused();
    await page.keyboard.press('ArrowDown');
    const item = page.getByRole('menuitem', { name: 'Open run, numbers or experiment…' });
    await expect(item).toBeFocused();
    expect(await apart(item, menu)).toBeGreaterThan(5);
  });

test('forced colours, and no motion, leave the chosen rule, the progress and the colours of the curves', async ({
  page,
}) => {
  await page.emulateMedia({ colorScheme: 'dark', forcedColors: 'active', reducedMotion: 'reduce' });
  const lab = new LabPage(page);
  await lab.open('rule=pfa&net=16&x=2');
  const ground = page.getByRole('banner');
  expect(await apart(lab.button('PFA'), ground)).toBeGreaterThan(20);
  await lab.button('Step').click();
  await expect.poll(() => apart(page.getByRole('progressbar').locator('div'), ground)).toBeGreaterThan(20);
  await expect.poll(() => hasColor(page)).toBe(true);
});

/** Whether anything but grey is drawn on the first chart. */
const hasColor = (page: Page): Promise<boolean> =>
  page
    .locator('canvas')
    .first()
    .evaluate((canvas: HTMLCanvasElement) => {
      const { data } = canvas.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height) ?? { data: [] };
      for (let i = 0; i < data.length; i += 4) if (Math.abs((data[i] ?? 0) - (data[i + 2] ?? 0)) > 60) return true;
      return false;
    });

/** Buttons that stick out of the window, or of their chart. */
const outside = (page: Page): Promise<(string | null)[]> =>
  page.getByRole('button').evaluateAll((buttons) =>
    buttons
      .filter((button) => {
        const { left, right } = button.getBoundingClientRect();
        const frame = (button.closest('figure') ?? document.documentElement).getBoundingClientRect();
        return left < frame.left || right > frame.right;
      })
      .map((button) => button.getAttribute('aria-label') ?? button.textContent),
  );

/** Names of settings that do not fit their place. */
const cutLabels = (page: Page): Promise<(string | null)[]> =>
  page
    .locator('label, label *')
    .evaluateAll((parts) =>
      parts
        .filter((part) => part.scrollWidth > part.clientWidth && part.clientWidth > 0)
        .map((part) => part.textContent),
    );

for (const [width, height] of [
  [1280, 720],
  [1440, 900],
  [1024, 768],
  [844, 390],
  [768, 1024],
  [390, 844],
  [360, 740],
  [320, 568],
])
  test(`nothing runs over at ${width}×${height}`, async ({ page }) => {
    await page.setViewportSize({ width, height });
    const lab = new LabPage(page);
    await lab.open('rule=pfa&net=16&x=2');
    await page.getByText('More settings').click();
    const root = await page.evaluate(() => {
      const { scrollWidth, clientWidth, scrollHeight, clientHeight } = document.documentElement;
      return { sideways: scrollWidth > clientWidth, down: scrollHeight > clientHeight };
    });
    expect(root.sideways).toBe(false);
    // A projector shows everything at once; a phone stacks it.
    if (width >= 1280) expect(root.down).toBe(false);
    expect(await outside(page)).toEqual([]);
    expect(await cutLabels(page)).toEqual([]);
    await expect(lab.button('Train')).toBeInViewport();
  });
