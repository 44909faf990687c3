import { expect, test } from 'vitest';
import { printBytes } from './bytes.ts';

test.each([
  [0, '0 B'],
  [1023, '1023 B'],
  [1024, '1 KiB'],
  [74_658_611, '71.2 MiB'],
  [128 * 2 ** 20, '128 MiB'],
  [128 * 2 ** 20 + 4, '129 MiB'],
  [2 ** 31 + 4, '2.01 GiB'],
  [5000 * 2 ** 30, '5000 GiB'],
])('%d bytes are %s', (bytes, text) => expect(printBytes(bytes)).toBe(text));
