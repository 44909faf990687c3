import { expect, test } from '@playwright/test';
import { LabPage } from './lab.ts';

for (const [rule, fragment] of [
  ['BP', 'rule=bp&net=128'],
  ['PFA', 'rule=pfa&net=64&x=4'],
]) {
  test(`${rule} learns real MNIST: the loss falls and the test accuracy passes 90 %`, async ({ page }) => {
    const lab = new LabPage(page);
    await lab.open(fragment);
    await lab.button('Train').click();
    await expect.poll(() => lab.reading('Accuracy', 'test'), { timeout: 240_000 }).toBeGreaterThan(90);
    // Far below the loss of guessing among ten classes.
    expect(await lab.reading('Loss', 'test')).toBeLessThan(0.25 * Math.log(10));
    expect(await lab.reading('Loss', 'train')).toBeLessThan(0.5 * Math.log(10));
    await lab.button('Pause').click();
    await expect(lab.button('Train')).toBeEnabled();
    expect(lab.complaints).toEqual([]);
  });
}

test('pause holds, a step is one batch, and a reset replays the same numbers', async ({ page }) => {
  const lab = new LabPage(page);
  await lab.open('rule=fa&net=32&seed=5');
  const losses: string[] = [];
  for (let round = 0; round < 2; round++) {
    for (let step = 1; step <= 3; step++) {
      await lab.button('Step').click();
      await expect.poll(() => lab.step()).toBe(step);
      await expect(lab.button('Step')).toBeEnabled();
    }
    losses.push(String(await lab.reading('Loss', 'train')));
    await lab.button('Reset').click();
    await expect.poll(() => lab.step()).toBe(0);
    await expect(lab.button('Step')).toBeEnabled();
  }
  expect(losses[0]).toBe(losses[1]);

  await page.keyboard.press('Space');
  await lab.waitForStep(5);
  await page.keyboard.press('Space');
  await expect(lab.button('Train')).toBeEnabled();
  const held = await lab.restingStep();
  await page.waitForTimeout(500);
  expect(await lab.step()).toBe(held);
  expect(lab.complaints).toEqual([]);
});

test('the introduction is over with the first training, and does not come back with a reset', async ({ page }) => {
  const lab = new LabPage(page);
  await lab.open('rule=fa&net=16');
  const introduction = page.getByRole('region', { name: 'Introduction' });
  await expect(introduction).toBeVisible();
  await lab.button('Step').click();
  await expect.poll(() => lab.step()).toBe(1);
  await lab.button('Reset').click();
  await expect.poll(() => lab.step()).toBe(0);
  await expect(introduction).toBeHidden();
});

test('another rule goes on from the present weights, or starts again', async ({ page }) => {
  const lab = new LabPage(page);
  await lab.open('rule=bp&net=32');
  await lab.button('Train').click();
  await lab.waitForStep(150);
  await lab.button('Pause').click();
  await expect(lab.button('Train')).toBeEnabled();
  const [step, loss] = [await lab.restingStep(), await lab.reading('Loss', 'train')];

  await lab.button('FA').click();
  await lab.button('Go on from the present weights').focus();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('region', { name: 'Learning rule' })).toBeFocused();
  await expect(page.getByRole('heading', { name: 'Feedback alignment', exact: true })).toBeVisible();
  await expect(lab.button('Step')).toBeEnabled();
  await lab.button('Step').click();
  await expect.poll(() => lab.step()).toBe(step + 1);
  expect(Math.abs((await lab.reading('Loss', 'train')) - loss)).toBeLessThan(1);

  await lab.button('DFA').click();
  await lab.button('Restart from the same seed').click();
  await expect.poll(() => lab.step()).toBe(0);

  // The run before stays to compare with, until it is removed.
  await expect(page.getByRole('button', { name: /^#1 BP → FA/ })).toBeVisible();
  const before = lab.button('Remove … FA #1');
  await expect(lab.chart('Accuracy')).toContainText(/… FA #1\s*[\d.]+ %/);
  await before.focus();
  await page.keyboard.press('Enter');
  await expect(before).toBeHidden();
  await expect(lab.chart('Accuracy')).not.toContainText('#1');
  await expect(page.getByRole('region', { name: 'Charts' })).toBeFocused();
  expect(lab.complaints).toEqual([]);
});

test('feedback can be cut while the network trains', async ({ page }) => {
  const lab = new LabPage(page);
  await lab.open('rule=fa&net=32');
  await lab.button('Train').click();
  await expect.poll(() => lab.reading('Norm ratio', 'layer 2')).toBeGreaterThan(0);
  const before = await lab.reading('Norm ratio', 'layer 2');
  const slider = page.getByRole('slider', { name: /Feedback sparsity/ });
  await slider.focus();
  await slider.press('End');
  await expect.poll(() => lab.reading('Norm ratio', 'layer 2')).toBeLessThan(0.4 * before);
  await expect(page).toHaveURL(/sp=0\.99/);
  expect(lab.complaints).toEqual([]);
});

test('a link holds the whole experiment', async ({ page }) => {
  const lab = new LabPage(page);
  await lab.open('rule=pfa&net=24&x=3&lr=0.02&seed=9');
  await page.reload();
  await expect(lab.button('Train')).toBeEnabled();
  await expect(page.getByRole('textbox', { name: /^Network/ })).toHaveValue('24');
  await expect(page.getByRole('textbox', { name: /^Seed/ }).first()).toHaveValue('9');
  await expect(page.getByRole('textbox', { name: /^Learning rate/ })).toHaveValue('0.02');
  await lab.button('New seed').click();
  await expect(page).not.toHaveURL(/seed=9/);
  expect(lab.complaints).toEqual([]);
});

test('a hostile link gives the defaults and says what was wrong', async ({ page }) => {
  const lab = new LabPage(page);
  const requests: string[] = [];
  page.on('request', (request) => requests.push(new URL(request.url()).origin));
  await lab.open('rule=constructor&net=9999999-x&lr=1e99&n=%3Cimg%20src=x%20onerror=alert(1)%3E');
  await expect(page.getByText(/Learning rule “constructor” is not one of/)).toBeVisible();
  await expect(page.getByText(/Learning rate takes numbers from 0 to 10/)).toBeVisible();
  expect(new Set(requests)).toEqual(new Set([new URL(page.url()).origin]));
  expect(lab.complaints).toEqual([]);
});

test('a link whose network does not fit says so, and the charts stay', async ({ page }) => {
  const lab = new LabPage(page);
  await page.goto('./#rule=bp&net=a(a(a(c4k3l)))');
  await expect(page.getByRole('alert').first()).toContainText('ends in a ReLU, but a block adds first');
  await expect(page.getByText('could not be drawn')).toHaveCount(0);
  await expect(lab.chart('Norm ratio')).toBeVisible();
  expect(lab.complaints).toEqual([]);
});

test('several seeds at once show their mean and spread', async ({ page }) => {
  const lab = new LabPage(page);
  await lab.open('rule=kp&net=16&n=3');
  await lab.button('Step').click();
  await expect.poll(() => lab.step()).toBe(1);
  await expect(lab.chart('Loss')).toContainText(/±/);
  expect(lab.complaints).toEqual([]);
});

test('the tab’s title counts no epoch beyond the last, and the page tells the accuracy', async ({ page }) => {
  await page.addInitScript(() => {
    localStorage['feedback-lab.device'] = 'cpu';
    const titles = ((window as unknown as { titles: string[] }).titles = []) as string[];
    new MutationObserver(() => titles.push(document.title)).observe(document, { childList: true, subtree: true });
  });
  const lab = new LabPage(page);
  await lab.open('rule=bp&net=8&ep=2&lrd=');
  await lab.button('Train').click();
  await expect(page).toHaveTitle(/^done/);
  const titles = await page.evaluate(() => (window as unknown as { titles: string[] }).titles);
  const epochs = new Set(titles.flatMap((title) => /^epoch \d+/.exec(title)?.[0] ?? []));
  expect([...epochs]).toEqual(['epoch 1', 'epoch 2']);
  await expect(page.getByRole('banner')).toContainText(/test \d\d\.\d %/);
  await lab.button('Reset').click();
  await expect(page.getByRole('banner')).toContainText(/finished/);
  await lab.button('Reset').click();
  await expect.poll(() => lab.step()).toBe(0);
  await expect(page.getByRole('banner')).not.toContainText(/test \d/);
  expect(lab.complaints).toEqual([]);
});
