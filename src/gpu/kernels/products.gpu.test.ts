import fc from 'fast-check';
import { afterAll, beforeAll, describe, test } from 'vitest';
import type { Device } from '../device.ts';
import { everywhere, type Constants, type Kernel } from '../kernel.ts';
import { checkKernel, deviation, sizes, testDevice } from '../testing.ts';
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
/** An output so large that a GPU takes shared tiles, ragged at both ends; whole vectors and not. */
const large = fc.constantFrom(
  { M: 20, N: 516, K: 520, replicas: 1 },
  { M: 13, N: 517, K: 521, replicas: 2 },
  { M: 16, N: 580, K: 456, replicas: 2 },
);

/** The shader that a software adapter runs, and the one that a GPU runs: this adapter can do both. */
describe.each(['software', 'gpu'] as const)('the %s schedule', (schedule) => {
  const scheduled = <C extends Constants, B extends string>(kernel: Kernel<C, B>): Kernel<C, B> => ({
    ...kernel,
    shaders: everywhere(kernel.shaders[schedule]),
  });

  const checkApply = ([{ M, N, K, replicas }, { first: BIAS, second: RELU }]: Case) => {
    // Both inputs may have more rows than the product takes.
    const [xSize, vSize] = [(M + 2) * K, (K + 1) * N];
    return deviation(gpu, scheduled(apply), { M, N, K, X_SIZE: xSize, V_SIZE: vSize, BIAS, RELU }, replicas, {
      z: { size: M * N },
      x: { size: xSize },
      v: { size: vSize },
    });
  };
  const checkPullback = ([{ M, N, K, replicas }, { first: MASK, second: ADD }]: Case) =>
    deviation(gpu, scheduled(pullback), { M, N, K, V_SIZE: (N + 1) * K, MASK, ADD }, replicas, {
      dx: { size: M * N },
      e: { size: M * K },
      v: { size: (N + 1) * K },
      x: { size: M * N },
    });
  const checkOuter = ([{ M, N, K, replicas }, { first: BIAS, second: MASKED }]: Case) => {
    const size = (N + Number(BIAS && !MASKED)) * K;
    const bits = Uint32Array.from({ length: maskWords(N * K) * replicas }, () => Math.random() * 2 ** 32);
    return deviation(gpu, scheduled(outer), { M, N, K, BIAS: BIAS && !MASKED, MASKED }, replicas, {
      v: { size },
      velocity: { size },
      x: { size: M * N },
      e: { size: M * K },
      rates: { size: 4 },
      mask: { size: maskWords(N * K), numbers: bits },
    });
  };

  test('apply is its twin', () => checkKernel(cases, checkApply));
  test('pullback is its twin', () => checkKernel(cases, checkPullback));
  test('outer is its twin', () => checkKernel(cases, checkOuter));

  const wide: fc.Arbitrary<Case> = fc.tuple(large, flags);
  test('large outputs, too', async () => {
    await checkKernel(wide, checkOuter);
    // The long side of apply and pullback is their depth or their examples.
    const turned = wide.map(([{ M, N, K, replicas }, rest]): Case => [{ M: N, N: K, K: M, replicas }, rest]);
    await checkKernel(turned, checkApply);
    await checkKernel(turned, checkPullback);
  });
});
