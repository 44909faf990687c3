import { expect, test } from 'vitest';
import { pool, unpool, type PoolConstants } from './pool.ts';

/** One window over a 2×2 map. */
const constants: PoolConstants = {
  M: 1,
  HEIGHT: 2,
  WIDTH: 2,
  CHANNELS: 1,
  OUT_HEIGHT: 1,
  OUT_WIDTH: 1,
  ROWS: 2,
  COLUMNS: 2,
  STRIDE: 1,
  PADDING: 0,
  MAX: true,
};

function pooled(x: Float64Array<ArrayBuffer>, MAX: boolean): [y: number, dx: number[]] {
  const [y, dx] = [new Float64Array(1), new Float64Array(4)];
  pool.twin({ y, x, by: x }, { ...constants, MAX });
  unpool.twin({ dx, e: Float64Array.of(1), x }, { ...constants, MAX, MASK: false, ADD: false });
  return [y[0], [...dx]];
}

test.each([0, 1, 2, 3])('what is no number is what a window has for its largest, at place %i', (place) => {
  const numbers = Float64Array.of(1, 4, 2, 3);
  numbers[place] = NaN;
  const sent = [0, 0, 0, 0];
  sent[place] = 1;
  expect(pooled(numbers, true)).toEqual([NaN, sent]);
  expect(pooled(numbers, false)).toEqual([NaN, [0.25, 0.25, 0.25, 0.25]]);
});

test('of several that are largest the first is taken', () => {
  expect(pooled(Float64Array.of(1, 4, 4, 4), true)).toEqual([4, [0, 1, 0, 0]]);
});
