import { expect, test } from '@playwright/test';
import { LabPage } from './lab.ts';

test.use({ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });

test('a phone has the charts below the rules, and the accuracy in sight wherever it is scrolled to', async ({
  page,
}) => {
  const lab = new LabPage(page);
  await lab.open('rule=pfa&net=16&x=2');
  const rules = page.getByRole('region', { name: 'Learning rule' });
  expect((await rules.boundingBox())?.height).toBeLessThan(300);
  const formulas = rules.locator('math').first();
  await expect(formulas).toBeHidden();
  await page.getByText('Formulas', { exact: true }).tap();
  await expect(formulas).toBeVisible();
  await lab.button('Train').tap();
  await lab.chart('Norm ratio').scrollIntoViewIfNeeded();
  await expect(
    page
      .getByRole('banner')
      .getByText(/test \d+\.\d %/)
      .last(),
  ).toBeInViewport({ ratio: 1 });
  expect(lab.complaints).toEqual([]);
});

test('a phone on its side keeps the height for what it shows', async ({ page }) => {
  await page.setViewportSize({ width: 844, height: 390 });
  const lab = new LabPage(page);
  await lab.open('rule=pfa&net=16&x=2');
  expect((await page.getByRole('banner').boundingBox())?.height).toBeLessThan(390 / 4);
});

test('a tap on a name shows its hint, and not the keyboard; a tap elsewhere, or scrolling, ends it', async ({
  page,
}) => {
  const lab = new LabPage(page);
  await lab.open('rule=pfa&net=16&x=2');
  const field = page.getByRole('textbox', { name: /^Early weight decay/ });
  const hint = page.getByText(/forget the random start.*Acts on the running network/);
  await page.getByText('Early weight decay').first().tap();
  await expect(hint).toBeVisible();
  await expect(field).not.toBeFocused();
  await field.tap();
  await expect(hint).toBeHidden();
  await expect(field).toBeFocused();

  const title = page.getByText(/^Norm of the feedback path/);
  await page.getByRole('heading', { name: 'Norm ratio' }).tap();
  await expect(title).toBeVisible();
  await page.evaluate(() => scrollBy(0, 40));
  await expect(title).toBeHidden();
  // The first tap chooses a tab.
  const tab = page.getByText(/^Degrees between the rule’s weight update/);
  await lab.button('Update angle').tap();
  await expect(tab).toBeHidden();
  await lab.button('Update angle').tap();
  await expect(tab).toBeVisible();
  expect(lab.complaints).toEqual([]);
});
