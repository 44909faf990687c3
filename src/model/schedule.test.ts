import fc from 'fast-check';
import { expect, test } from 'vitest';
import { defaultsFor } from './fields.ts';
import { nextBoundary, ratesAt, stepsPerEpoch } from './schedule.ts';

test('the paper’s MNIST schedule', () => {
  const experiment = defaultsFor('pfa');
  const epoch = stepsPerEpoch(60_000, 64);
  expect(epoch).toBe(937);
  expect(ratesAt(experiment, 0, epoch)).toEqual({ rate: 0.01, momentum: 0.9, decay: 0.03 });
  expect(ratesAt(experiment, 936, epoch).decay).toBe(0.03);
  expect(ratesAt(experiment, 937, epoch).decay).toBe(1e-4);
  expect(ratesAt(experiment, 20 * 937 - 1, epoch).rate).toBe(0.01);
  expect(ratesAt(experiment, 20 * 937, epoch).rate).toBe(0.005);
  expect(ratesAt(experiment, 30 * 937, epoch).rate).toBe(0.0025);
});

test('nothing changes between two boundaries', () => {
  const early = fc.double({ min: 0, max: 3, noNaN: true });
  fc.assert(
    fc.property(fc.nat(500), fc.integer({ min: 1, max: 50 }), early, (step, epoch, earlyEpochs) => {
      const experiment = { ...defaultsFor('pfa'), earlyEpochs, rateDrops: [2, 3] };
      const boundary = nextBoundary(experiment, step, epoch);
      expect(boundary).toBeGreaterThan(step);
      for (let t = step; t < boundary; t++)
        expect(ratesAt(experiment, t, epoch)).toEqual(ratesAt(experiment, step, epoch));
    }),
  );
});
