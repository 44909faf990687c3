import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseField } from '../../model/codec.ts';
import { fieldKeys, fieldOf, fields, type NumberField } from '../../model/fields.ts';
import { nudge, positionOf, travel, valueAt } from './travel.ts';

test.each([
  [0.00005, 0.000051, 0.000049],
  [1e-7, 1.1e-7, 9.9e-8],
  [0.000099, 0.0001, 0.000098],
  [0.0001, 0.00011, 0],
  [0, 0.0001, 0],
  [0.5, 0.51, 0.49],
])('a rate of %d has %d above and %d below', (value, above, below) => {
  expect([nudge(fields.rate, value, 1), nudge(fields.rate, value, -1)]).toEqual([above, below]);
});

const numberFields = fieldKeys.flatMap((key) => {
  const field = fieldOf(key);
  return field.kind === 'number' || field.kind === 'integer' ? [{ key, field: field satisfies NumberField }] : [];
});

describe.each(numberFields)('the slider of $key', ({ key, field }) => {
  test('reaches both ends', () => {
    expect(valueAt(field, 0)).toBe(field.min);
    expect(valueAt(field, travel)).toBe(field.max);
    expect(positionOf(field, field.min)).toBe(0);
    expect(positionOf(field, field.max)).toBeCloseTo(travel, 6);
  });

  test('gives only values that the experiment takes, and never goes back as it moves on', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: travel }), fc.integer({ min: 0, max: travel }), (a, b) => {
        const value = valueAt(field, a);
        expect(parseField(key, String(value))).toBe(value);
        if (a <= b) expect(value).toBeLessThanOrEqual(valueAt(field, b));
      }),
    );
  });

  test('shows the recommended value where it would give it', () => {
    expect(valueAt(field, positionOf(field, field.initial))).toBeCloseTo(field.initial, 6);
  });

  test('arrow keys in the number field move, stay in range and are valid', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: travel }), fc.constantFrom<1 | -1>(1, -1), (at, direction) => {
        const value = valueAt(field, at);
        const next = nudge(field, value, direction);
        expect(parseField(key, String(next))).toBe(next);
        const stuck = direction > 0 ? field.max : field.min;
        if (value !== stuck) expect(Math.sign(next - value)).toBe(direction);
      }),
    );
  });
});
