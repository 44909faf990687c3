import fc from 'fast-check';
import { expect, test } from 'vitest';
import { concat } from './bytes.ts';
import { inflate } from './gzip.ts';
import { deflate, faultOf, flips, truncations } from './testing.ts';

const content = new TextEncoder().encode('a small file, a small file, a small file');

test('what was compressed comes back', async () => {
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 5000 }), async (data) => {
      const bytes = Uint8Array.from(data);
      expect(await inflate('a file', await deflate(bytes), bytes.length)).toEqual(bytes);
    }),
  );
});

test('bytes that are not gzip stay as they are', async () => {
  expect(await inflate('a file', content, 0)).toBe(content);
});

test('a bomb is stopped at the cap', async () => {
  const bomb = await deflate(new Uint8Array(64 * 2 ** 20));
  expect(bomb.length).toBeLessThan(100_000);
  expect(await faultOf(() => inflate('a bomb', bomb, 2 ** 20))).toMatchObject({ kind: 'too-large' });
});

test('one byte above the cap is too much', async () => {
  const file = await deflate(content);
  expect(await inflate('a file', file, content.length)).toEqual(content);
  expect(await faultOf(() => inflate('a file', file, content.length - 1))).toMatchObject({ kind: 'too-large' });
});

test('other bytes after the end, a second member included, are refused', async () => {
  const file = await deflate(content);
  for (const extra of [Uint8Array.of(0), Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8), file]) {
    expect(await faultOf(() => inflate('a file', concat([file, extra]), 1000))).toMatchObject({ kind: 'malformed' });
  }
});

test('every truncation from the magic number on is refused', async () => {
  for (const file of truncations(await deflate(content))) {
    if (file.length < 2) continue;
    expect(await faultOf(() => inflate('a file', file, 1000)), `${file.length} bytes`).toBeDefined();
  }
});

test('every flip is refused or leaves the content as it was', async () => {
  const kinds = new Set<string | undefined>();
  const file = await deflate(content);
  for (const [, flipped] of flips(file)) {
    const fault = await faultOf(async () => {
      // Without its magic number a file is no gzip file, and stays as it is.
      expect([content, flipped]).toContainEqual(await inflate('a file', flipped, 1000));
    });
    kinds.add(fault?.kind);
  }
  expect(kinds).toEqual(new Set([undefined, 'malformed']));
});
