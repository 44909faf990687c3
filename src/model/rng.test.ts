import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { drawWords, fillNormal, philox, shuffled, stream, unit } from './rng.ts';

describe('philox4x32-10', () => {
  // Known-answer vectors of Random123 1.14, file kat_vectors.
  test.each([
    [
      [0, 0, 0, 0],
      [0, 0],
      [0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8],
    ],
    [
      [0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff],
      [0xffffffff, 0xffffffff],
      [0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd],
    ],
    [
      [0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344],
      [0xa4093822, 0x299f31d0],
      [0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1],
    ],
  ])('counter %j under key %j', (counter, key, expected) => {
    const [c0, c1, c2, c3] = counter as [number, number, number, number];
    expect(philox(c0, c1, c2, c3, key[0], key[1])).toEqual(expected);
  });
});

test('every purpose of every layer has a stream of its own', () => {
  const seen = new Set<number>();
  for (let layer = 0; layer < 30; layer++)
    for (const purpose of ['weight', 'feedback', 'projection', 'remainder', 'mask'] as const)
      seen.add(stream(purpose, layer));
  expect(seen.size).toBe(150);
});

test('uniform numbers have the moments of a uniform law', () => {
  let sum = 0;
  let squares = 0;
  drawWords(7, stream('weight', 2), 0, 40_000, (_, word) => {
    const u = unit(word);
    sum += u;
    squares += u * u;
  });
  expect(sum / 40_000).toBeCloseTo(0.5, 2);
  expect(squares / 40_000).toBeCloseTo(1 / 3, 2);
});

test('normal numbers have the moments of a normal law, at odd lengths too', () => {
  const draws = new Float64Array(40_001);
  fillNormal(draws, 3, stream('noise', 1));
  const mean = draws.reduce((a, b) => a + b) / draws.length;
  const fourth = draws.reduce((a, b) => a + b ** 4) / draws.length;
  expect(mean).toBeCloseTo(0, 1);
  expect(draws.reduce((a, b) => a + b * b) / draws.length).toBeCloseTo(1, 1);
  expect(Math.abs(fourth - 3)).toBeLessThan(0.2);
});

test('shuffled is a permutation of any count, and another one each epoch', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 700 }), fc.nat(), fc.nat(50), (count, seed, epoch) => {
      const order = Array.from({ length: count }, (_, i) => shuffled(i, count, seed, epoch));
      expect(order.toSorted((a, b) => a - b)).toEqual(order.map((_, i) => i));
    }),
  );
  const first = Array.from({ length: 100 }, (_, i) => shuffled(i, 60_000, 1, 0));
  const second = Array.from({ length: 100 }, (_, i) => shuffled(i, 60_000, 1, 1));
  expect(first.filter((image, i) => image === second[i]).length).toBeLessThan(5);
});
