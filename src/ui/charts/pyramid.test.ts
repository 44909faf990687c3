import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Pyramid, type Level } from './pyramid.ts';

const rows = (level: Level) =>
  Array.from({ length: level.length }, (_, i) => ({
    x: level.x[i],
    y: level.y[i],
    low: level.low[i],
    high: level.high[i],
  }));

/** What a level must hold, from the samples by definition. */
function bucketsOf(values: readonly number[], size: number) {
  const buckets = [];
  for (let i = 0; i < values.length; i += size) {
    const part = values.slice(i, i + size);
    buckets.push({
      x: i + (part.length - 1) / 2,
      y: part.reduce((a, b) => a + b) / part.length,
      low: Math.min(...part) - 1,
      high: Math.max(...part) + 1,
    });
  }
  return buckets;
}

describe('Pyramid', () => {
  test('every level is the plain summary of the samples, whatever their number', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -1000, max: 1000 }), { minLength: 1, maxLength: 400 }), (values) => {
        const pyramid = new Pyramid('extremes');
        values.forEach((value, x) => pyramid.append(x, value, value - 1, value + 1));
        for (let size = 1; size < values.length; size *= 4) {
          const expected = bucketsOf(values, size);
          const level = rows(pyramid.atMost(expected.length));
          expect(level).toHaveLength(expected.length);
          level.forEach((row, i) => {
            expect(row.x).toBeCloseTo(expected[i]?.x ?? NaN, 2);
            expect(row.y).toBeCloseTo(expected[i]?.y ?? NaN, 2);
            expect(row.low).toBe(expected[i]?.low);
            expect(row.high).toBe(expected[i]?.high);
          });
        }
        expect(pyramid.leastPositive).toBe(Math.min(...values.filter((value) => value > 0)));
        expect(pyramid.max).toBe(Math.max(...values));
      }),
    );
  });

  test('a single spike among 10,000 samples survives at the coarsest density', () => {
    const pyramid = new Pyramid('extremes');
    for (let i = 0; i < 10_000; i++) pyramid.append(i, i === 7_123 ? 50 : 1);
    const level = pyramid.atMost(30);
    expect(level.length).toBeLessThanOrEqual(30);
    expect(Math.max(...level.high.subarray(0, level.length))).toBe(50);
  });

  test('a deviation band is averaged, so that coarser levels do not exaggerate it', () => {
    const pyramid = new Pyramid('deviation');
    for (let i = 0; i < 64; i++) pyramid.append(i, i % 2, (i % 2) - 0.5, (i % 2) + 0.5);
    const [bucket] = rows(pyramid.atMost(1));
    expect(bucket?.low).toBeCloseTo(0, 5);
    expect(bucket?.high).toBeCloseTo(1, 5);
  });

  test('a part is drawn from all of its own samples and no others, in few entries', () => {
    const lengths = fc.array(fc.oneof(fc.nat(4), fc.nat(900)), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(lengths, fc.integer({ min: 1, max: 300 }), (counts, limit) => {
        const pyramid = new Pyramid('extremes');
        pyramid.starts.length = 0;
        for (const [part, count] of counts.entries()) {
          pyramid.starts.push(pyramid.length);
          for (let i = 0; i < count; i++) pyramid.append(pyramid.length, part, part - 1, part + 1);
        }
        const deepest = Math.ceil(Math.log(pyramid.length + 1) / Math.log(4));
        for (const [part, count] of counts.entries()) {
          const stretches = pyramid.stretchesOf(part, limit);
          let [at, entries] = [pyramid.starts[part], 0];
          for (const { level, from, to } of stretches) {
            expect(from * level.size).toBe(at);
            at = Math.min(to * level.size, pyramid.length);
            entries += to - from;
            for (let i = from; i < to; i++)
              expect([level.y[i], level.low[i], level.high[i]]).toEqual([part, part - 1, part + 1]);
          }
          expect(at).toBe(pyramid.starts[part] + count);
          expect(entries).toBeLessThanOrEqual(limit + 6 * deepest);
        }
      }),
    );
  });

  test('a stretch of a long series is drawn from finer entries than the whole', () => {
    const pyramid = new Pyramid('extremes');
    for (let i = 0; i < 10_000; i++) pyramid.append(10 * i, i % 7);
    const [first, end] = pyramid.around(40_005, 41_000);
    expect([first, end]).toEqual([4000, 4102]);
    const entries = (limit: number) => pyramid.stretchesOf(0, limit, first, end);
    expect(entries(200)).toEqual([{ level: pyramid.samples, from: 4000, to: 4102 }]);
    const sizes = entries(30).map(({ level, from, to }) => [level.size, from * level.size, to * level.size]);
    expect(sizes).toEqual([
      [4, 4000, 4100],
      [1, 4100, 4102],
    ]);
  });

  test('between finds the samples within two values, and around those beside them, too', () => {
    const step = fc.integer({ min: -10, max: 60 });
    fc.assert(
      fc.property(fc.array(fc.nat(50), { maxLength: 60 }), step, step, (xs, one, other) => {
        const sorted = xs.toSorted((a, b) => a - b);
        const pyramid = new Pyramid('extremes');
        sorted.forEach((x) => pyramid.append(x, 0));
        const [low, high] = [Math.min(one, other), Math.max(one, other)];
        const before = sorted.filter((x) => x < low).length;
        const until = sorted.filter((x) => x <= high).length;
        expect(pyramid.between(low, high)).toEqual([before, until]);
        expect(pyramid.around(low, high)).toEqual([Math.max(0, before - 1), Math.min(xs.length, until + 1)]);
      }),
    );
  });

  test('nearest finds the sample with the smallest distance', () => {
    fc.assert(
      fc.property(
        fc.array(fc.nat(50), { minLength: 1, maxLength: 60 }),
        fc.integer({ min: -10, max: 60 }),
        (xs, at) => {
          const sorted = xs.toSorted((a, b) => a - b);
          const pyramid = new Pyramid('extremes');
          sorted.forEach((x) => pyramid.append(x, 0));
          const found = sorted[pyramid.nearest(at)];
          expect(Math.abs(found - at)).toBe(Math.min(...sorted.map((x) => Math.abs(x - at))));
        },
      ),
    );
    expect(new Pyramid('extremes').nearest(3)).toBe(-1);
  });

  test('values that are not finite leave no trace', () => {
    const pyramid = new Pyramid('extremes');
    pyramid.append(0, NaN);
    pyramid.append(1, Infinity);
    expect(pyramid.length).toBe(0);
    expect(pyramid.max).toBe(-Infinity);
  });
});
