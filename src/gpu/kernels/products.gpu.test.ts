import fc from 'fast-check';
import { afterAll, beforeAll, describe, test } from 'vitest';
import type { Device } from '../device.ts';
import { checkKernel, everySchedule, scheduled, deviation, sizes, testDevice } from '../testing.ts';
import { apply } from './apply.ts';
import { maskWords } from './mask.ts';
import { outer } from './outer.ts';
import { pullback } from './pullback.ts';

let gpu: Device;
beforeAll(async () => void (gpu = await testDevice()));
afterAll(() => gpu.destroy());

/** The sizes of a product, and whether the kernel's two options are on. */
type Case = readonly [Record<'M' | 'N' | 'K' | 'replicas', number>, Record<'first' | 'second', boolean>];

/** Sizes around the edges of the tiles, of which some are whole vectors of four and some are not. */
const edges = fc.oneof(sizes, fc.constantFrom(4, 12, 16, 20, 36, 60, 68));
const shape = fc.record({ M: edges, N: edges, K: edges, replicas: fc.integer({ min: 1, max: 3 }) });
const flags = fc.record({ first: fc.boolean(), second: fc.boolean() });
const cases: fc.Arbitrary<Case> = fc.tuple(shape, flags);
/** This adapter can run them all. */
describe.each(everySchedule)('the schedule %s', (schedule, runs) => {
  const checkApply = ([{ M, N, K, replicas }, { first: BIAS, second: RELU }]: Case) => {
    // Both inputs may have more rows than the product takes.
    const [xSize, vSize] = [(M + 2) * K, (K + 1) * N];
    return deviation(gpu, scheduled(apply, schedule), { M, N, K, X_SIZE: xSize, V_SIZE: vSize, BIAS, RELU }, replicas, {
      z: { size: M * N },
      x: { size: xSize },
      v: { size: vSize },
    });
  };
  const checkPullback = ([{ M, N, K, replicas }, { first: MASK, second: ADD }]: Case) =>
    deviation(gpu, scheduled(pullback, schedule), { M, N, K, V_SIZE: (N + 1) * K, MASK, ADD }, replicas, {
      dx: { size: M * N },
      e: { size: M * K },
      v: { size: (N + 1) * K },
      x: { size: M * N },
    });
  const checkOuter = ([{ M, N, K, replicas }, { first: BIAS, second: MASKED }]: Case) => {
    const size = (N + Number(BIAS && !MASKED)) * K;
    const bits = Uint32Array.from({ length: maskWords(N * K) * replicas }, () => Math.random() * 2 ** 32);
    return deviation(gpu, scheduled(outer, schedule), { M, N, K, BIAS: BIAS && !MASKED, MASKED }, replicas, {
      v: { size },
      velocity: { size },
      x: { size: M * N },
      e: { size: M * K },
      rates: { size: 4 },
      mask: { size: maskWords(N * K), numbers: bits },
    });
  };

  test('apply is its twin', () => checkKernel(cases, checkApply, 2e-6, runs));
  test('pullback is its twin', () => checkKernel(cases, checkPullback, 2e-6, runs));
  test('outer is its twin', () => checkKernel(cases, checkOuter, 2e-6, runs));
});
