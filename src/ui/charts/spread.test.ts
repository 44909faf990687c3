import fc from 'fast-check';
import { expect, test } from 'vitest';
import { spread } from './spread.ts';

const positions = fc
  .array(fc.integer({ min: -50, max: 350 }), { minLength: 1, maxLength: 12 })
  .map((values) => values.toSorted((a, b) => a - b));

test('labels that fit do not overlap, stay inside and keep their order', () => {
  fc.assert(
    fc.property(positions, (wanted) => {
      const placed = spread(wanted, 14, 10, 290);
      placed.forEach((position, i) => {
        expect(position).toBeGreaterThanOrEqual(10);
        expect(position).toBeLessThanOrEqual(290);
        if (i > 0) expect(position - (placed[i - 1] ?? NaN)).toBeGreaterThanOrEqual(14);
      });
    }),
  );
});

test('labels with room between them stay where they are', () => {
  expect(spread([20, 40, 100], 14, 10, 290)).toEqual([20, 40, 100]);
});
