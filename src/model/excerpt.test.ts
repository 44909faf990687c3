import fc from 'fast-check';
import { expect, test } from 'vitest';
import { excerpt } from './excerpt.ts';

test('text is quoted as it is up to 60 characters, and cut behind them', () => {
  expect(excerpt('512-512')).toBe('512-512');
  expect(excerpt('a'.repeat(60))).toBe('a'.repeat(60));
  expect(excerpt('a'.repeat(1e6))).toBe(`${'a'.repeat(59)}…`);
});

test('no character is cut in two', () => {
  fc.assert(
    fc.property(fc.nat(3), fc.string({ unit: 'grapheme', minLength: 60 }), (ahead, text) => {
      const short = excerpt('a'.repeat(ahead) + text);
      expect(short.length).toBeLessThanOrEqual(60);
      expect(encodeURIComponent(short)).toMatch(/%E2%80%A6$|^[^…]{60}$/);
    }),
  );
});
