import { expect, test } from '@playwright/test';

test('the page is served with the headers of public/_headers', async ({ page }) => {
  const headers = (await page.goto('./'))?.headers();
  expect(headers).toMatchObject({
    'content-security-policy': expect.stringContaining(
      "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self';",
    ),
    'cross-origin-opener-policy': 'same-origin',
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
  });
});

test('a data file reaches the page as the gzip file that it is', async ({ page }) => {
  await page.goto('./');
  const { bytes, length } = await page.evaluate(async () => {
    const response = await fetch('./datasets/mnist/t10k-labels-idx1-ubyte.gz');
    return {
      bytes: Array.from(new Uint8Array(await response.arrayBuffer())),
      length: Number(response.headers.get('content-length')),
    };
  });
  expect(bytes.slice(0, 2)).toEqual([0x1f, 0x8b]);
  expect(bytes).toHaveLength(length);
});
