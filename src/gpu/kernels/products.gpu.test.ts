import fc from 'fast-check';
import { afterAll, beforeAll, test } from 'vitest';
import type { Device } from '../device.ts';
import { checkKernel, deviation, sizes, testDevice } from '../testing.ts';
import { apply } from './apply.ts';
import { maskWords } from './mask.ts';
import { outer } from './outer.ts';
import { pullback } from './pullback.ts';

let gpu: Device;
beforeAll(async () => void (gpu = await testDevice()));
afterAll(() => gpu.destroy());

const shape = fc.record({ M: sizes, N: sizes, K: sizes, replicas: fc.integer({ min: 1, max: 3 }) });
const flags = fc.record({ first: fc.boolean(), second: fc.boolean() });
const cases = fc.tuple(shape, flags);

test('apply.wgsl is its twin', () =>
  checkKernel(cases, ([{ M, N, K, replicas }, { first: BIAS, second: RELU }]) => {
    // Both inputs may have more rows than the product takes.
    const [xSize, vSize] = [(M + 2) * K, (K + 1) * N];
    return deviation(gpu, apply, { M, N, K, X_SIZE: xSize, V_SIZE: vSize, BIAS, RELU }, replicas, {
      z: { size: M * N },
      x: { size: xSize },
      v: { size: vSize },
    });
  }));

test('pullback.wgsl is its twin', () =>
  checkKernel(cases, ([{ M, N, K, replicas }, { first: MASK, second: ADD }]) =>
    deviation(gpu, pullback, { M, N, K, V_SIZE: (N + 1) * K, MASK, ADD }, replicas, {
      dx: { size: M * N },
      e: { size: M * K },
      v: { size: (N + 1) * K },
      x: { size: M * N },
    }),
  ));

test('outer.wgsl is its twin', () =>
  checkKernel(cases, ([{ M, N, K, replicas }, { first: BIAS, second: MASKED }]) => {
    const size = (N + Number(BIAS && !MASKED)) * K;
    const bits = Uint32Array.from({ length: maskWords(N * K) * replicas }, () => Math.random() * 2 ** 32);
    return deviation(gpu, outer, { M, N, K, BIAS: BIAS && !MASKED, MASKED }, replicas, {
      v: { size },
      velocity: { size },
      x: { size: M * N },
      e: { size: M * K },
      rates: { size: 4 },
      mask: { size: maskWords(N * K), numbers: bits },
    });
  }));
