import { expect, test } from 'vitest';
import { Portions } from './portions.ts';

const [quick, slow] = [{ launches: 5 }, { launches: 100 }];

test('what has never run is given in small portions, and then in such as take a twentieth of a second', () => {
  const portions = new Portions();
  expect(portions.of([quick])).toBe(16);
  portions.took([quick], 500, 10);
  expect(portions.of([quick])).toBe(2500);
  portions.took([slow], 100, 2000);
  expect(portions.of([slow])).toBe(2);
  expect(portions.of([quick, slow])).toBe(2);
  portions.took([slow], 100, 20_000);
  expect(portions.of([slow])).toBe(1);
});
