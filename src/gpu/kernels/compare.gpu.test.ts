import fc from 'fast-check';
import { afterAll, beforeAll, describe, test } from 'vitest';
import type { Device } from '../device.ts';
import { checkKernel, deviation, draws, scheduled, testDevice, type Operand } from '../testing.ts';
import { angle, inner, norms, partials, straddle, sumPairs } from './compare.ts';

let gpu: Device;
beforeAll(async () => void (gpu = await testDevice()));
afterAll(() => gpu.destroy());

/** Counts around workgroup edges, and one that takes several rounds of the grid. */
const cases = fc.record({
  COUNT: fc.constantFrom(1, 2, 31, 32, 33, 63, 64, 65, 1000, 4099, 300_000),
  replicas: fc.integer({ min: 1, max: 3 }),
});
/** Numbers that a larger tensor has behind those that count, so that its replicas are whole vectors of four or not. */
const spare = fc.constantFrom(4, 7);

/** Partial sums: only their totals are compared. */
const summed: Operand = {
  size: 2 * partials,
  counted: (numbers) => {
    const replicas = Array.from({ length: numbers.length / (2 * partials) }, (_, r) => r * 2 * partials);
    return Float64Array.from(replicas.flatMap((first) => sumPairs(numbers.subarray(first, first + 2 * partials))));
  },
};

/** In software and on a GPU: with few threads a workgroup and with many. */
describe.each(['quads', 'split'] as const)('%s', (schedule) => {
  test('norms.wgsl and norms4.wgsl are their twin', () =>
    checkKernel(fc.tuple(cases, spare), ([{ COUNT, replicas }, more]) =>
      deviation(gpu, scheduled(norms, schedule), { COUNT, U_SIZE: COUNT + more, V_SIZE: COUNT }, replicas, {
        partial: summed,
        u: { size: COUNT + more },
        v: { size: COUNT },
      }),
    ));

  test('angle.wgsl and angle4.wgsl are their twin', () =>
    checkKernel(fc.tuple(cases, spare), ([{ COUNT, replicas }, more]) =>
      deviation(gpu, scheduled(angle, schedule), { COUNT, U_SIZE: COUNT, V_SIZE: COUNT + more }, replicas, {
        partial: summed,
        norms: { size: 2 * partials, numbers: draws(2 * partials * replicas).map((n) => 1 + n) },
        u: { size: COUNT },
        v: { size: COUNT + more },
      }),
    ));

  test('inner.wgsl is its twin', () =>
    checkKernel(cases, ({ COUNT, replicas }) =>
      deviation(gpu, scheduled(inner, schedule), { COUNT }, replicas, {
        partial: summed,
        // All of one sign: a sum in which most terms cancel has no digits left to compare.
        k: { size: COUNT, numbers: draws(COUNT * replicas).map((n) => 1 + n) },
        a: { size: COUNT, numbers: draws(COUNT * replicas).map((n) => 1 + n) },
        b: { size: COUNT, numbers: draws(COUNT * replicas).map((n) => n - 1) },
      }),
    ));

  test('straddle.wgsl is its twin', () =>
    checkKernel(cases, ({ COUNT, replicas }) =>
      deviation(gpu, scheduled(straddle, schedule), { COUNT }, replicas, {
        difference: { size: COUNT },
        sum: { size: COUNT },
        norms: { size: 2 * partials, numbers: draws(2 * partials * replicas).map((n) => 1 + n) },
        a: { size: COUNT },
        b: { size: COUNT },
      }),
    ));
});
