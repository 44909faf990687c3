import fc from 'fast-check';
import { afterAll, beforeAll, describe, test } from 'vitest';
import type { Device } from '../device.ts';
import { checkKernel, everySchedule, scheduled, deviation, testDevice, words } from '../testing.ts';
import { anyConvolutions, convDeviations, evenConvolutions, largeConvolutions } from './conv-testing.ts';
import { descend, total } from './descend.ts';
import { maskWords } from './mask.ts';

let gpu: Device;
beforeAll(async () => void (gpu = await testDevice()));
afterAll(() => gpu.destroy());

/** This adapter can run them all. */
describe.each(everySchedule)('the schedule %s', (schedule, runs) => {
  const deviations = () => convDeviations(gpu, (kernel) => scheduled(kernel, schedule));

  describe.each([
    ['any channels', anyConvolutions],
    ['channels by fours', evenConvolutions],
  ])('%s', (_, cases) => {
    test('apply is its twin', () => checkKernel(cases, deviations().apply, 2e-6, runs));
    test('pullback is its twin', () => checkKernel(cases, deviations().pullback, 2e-6, runs));
    test('outer is its twin', () => checkKernel(cases, deviations().outer, 2e-6, runs));
  });

  test.each(largeConvolutions)('large outputs, too', async (shape) => {
    const example = fc.constant({ shape, first: true, second: true, replicas: 1 });
    for (const check of Object.values(deviations())) await checkKernel(example, check, 2e-6, 1);
  });
});

const sums = fc.record({
  COUNT: fc.constantFrom(1, 31, 32, 33, 64, 65, 1000),
  PIECES: fc.nat(9),
  MASKED: fc.boolean(),
  replicas: fc.integer({ min: 1, max: 3 }),
});

test('total.wgsl is its twin', () =>
  checkKernel(sums, ({ COUNT, PIECES, replicas }) =>
    deviation(gpu, total, { COUNT, PIECES }, replicas, {
      sum: { size: COUNT },
      partial: { size: COUNT * Math.max(1, PIECES) },
    }),
  ));

test('descend.wgsl is its twin', () =>
  checkKernel(sums, ({ COUNT, PIECES, MASKED, replicas }) =>
    deviation(gpu, descend, { COUNT, PIECES, MASKED }, replicas, {
      v: { size: COUNT },
      velocity: { size: COUNT },
      partial: { size: COUNT * Math.max(1, PIECES) },
      rates: { size: 4 },
      mask: {
        size: maskWords(COUNT),
        numbers: words(maskWords(COUNT) * replicas),
      },
    }),
  ));
