import { expect, test } from 'vitest';
import { fillNormal } from './rng.ts';
import { fixedShareFor } from './rules/mixed.ts';
import { cortex, relate, sample } from './synapses.ts';

const normal = (count: number, seed: number): Float64Array => {
  const numbers = new Float64Array(count);
  fillNormal(numbers, seed, 0);
  return numbers;
};

test('Appendix B: 69 % without feedback, the rest correlated by 0.36, is R = 0.2 and 78°', () => {
  const [w, n, u] = [normal(200_000, 1), normal(200_000, 2), normal(200_000, 3)];
  // u below the 69th percentile of a normal law.
  const feedback = w.map((x, i) => (u[i] < 0.4959 ? 0 : 0.36 * x + Math.sqrt(1 - 0.36 ** 2) * n[i]));
  const { correlation, angle } = relate(w, feedback);
  expect(correlation).toBeCloseTo(0.36 * Math.sqrt(0.31), 2);
  expect(Math.abs(angle - 78.4)).toBeLessThan(0.4);
});

test('the shares that the formula finds give the correlation that was asked for', () => {
  const count = 200_000;
  const [w, fixed] = [normal(count, 4), normal(count, 5)];
  for (const [pathShare, spread] of [
    [0, 1],
    [0.4, 1],
    [0.69, 1],
    [0.69, 9],
    [0.5, 0.25],
  ]) {
    const fixedShare = fixedShareFor(cortex.correlation, pathShare, spread);
    const kind = (i: number): number => (i * 0.6180339887498949) % 1;
    const feedback = w.map((x, i) =>
      kind(i) < pathShare ? 0 : kind(i) < pathShare + fixedShare ? Math.sqrt(spread) * fixed[i] : x,
    );
    expect(Math.abs(relate(w, feedback).correlation - cortex.correlation)).toBeLessThan(0.02);
  }
});

test('what does not vary has no correlation, and nothing has no angle', () => {
  expect(relate([1, 2], [0, 0])).toEqual({ correlation: NaN, angle: NaN, variance: 0.25 });
  expect(relate([1, 2, 3], [2, 4, 6]).correlation).toBeCloseTo(1);
});

test.each([
  [784, 512],
  [512, 512],
  [120, 84],
  [784, 84],
  [1600, 10],
  [10, 7],
])('a sample of %i × %i pairs leaves out no unit', (inputs, outputs) => {
  const [rows, columns] = [0, 1].map((axis) =>
    Float32Array.from({ length: inputs * outputs }, (_, i) => (axis === 0 ? Math.floor(i / outputs) : i % outputs)),
  );
  expect(new Set(sample(columns, 3000)).size).toBe(outputs);
  expect(new Set(sample(rows, 3000)).size).toBe(inputs);
  expect(sample(rows, 3000)).toHaveLength(Math.min(3000, inputs * outputs));
});
