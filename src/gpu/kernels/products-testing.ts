import fc from 'fast-check';
import type { Device } from '../device.ts';
import type { Constants, Kernel } from '../kernel.ts';
import { deviation, sizes, words } from '../testing.ts';
import { apply } from './apply.ts';
import { maskWords } from './mask.ts';
import { outer } from './outer.ts';
import { pullback } from './pullback.ts';

/** The sizes of a product, and whether the kernel's two options are on. */
export type Case = readonly [Record<'M' | 'N' | 'K' | 'replicas', number>, Record<'first' | 'second', boolean>];

/** Cases of a product whose sizes are among `edges`. */
const casesOf = (edges: fc.Arbitrary<number>): fc.Arbitrary<Case> =>
  fc.tuple(
    fc.record({ M: edges, N: edges, K: edges, replicas: fc.integer({ min: 1, max: 3 }) }),
    fc.record({ first: fc.boolean(), second: fc.boolean() }),
  );

/** Sizes around the edges of the tiles, of which some are whole vectors of four and some are not. */
export const cases = casesOf(fc.oneof(sizes, fc.constantFrom(4, 12, 16, 20, 36, 60, 68)));

/** Cases for WebAssembly, around the sizes of its vectors, of its tiles of 32 and 64, and of its packed depth of 256. */
export const wideCases = casesOf(fc.constantFrom(1, 2, 3, 4, 5, 7, 8, 9, 12, 31, 32, 33, 63, 64, 65, 130, 256, 259));

/** A product as it is, or changed before it is tested. */
export type Change = <C extends Constants, Binding extends string>(kernel: Kernel<C, Binding>) => Kernel<C, Binding>;
export const unchanged: Change = (kernel) => kernel;

/** How far a device's product is from its twin in float64, by the product's name. */
export const productDeviations = (
  device: Device,
  change: Change = unchanged,
): Readonly<Record<'apply' | 'pullback' | 'outer', (of: Case) => Promise<number>>> => ({
  apply([{ M, N, K, replicas }, { first: BIAS, second: RELU }]) {
    // Both inputs may have more rows than the product takes.
    const [xSize, vSize] = [(M + 2) * K, (K + 1) * N];
    return deviation(device, change(apply), { M, N, K, X_SIZE: xSize, V_SIZE: vSize, BIAS, RELU }, replicas, {
      z: { size: M * N },
      x: { size: xSize },
      v: { size: vSize },
    });
  },
  pullback([{ M, N, K, replicas }, { first: MASK, second: ADD }]) {
    return deviation(device, change(pullback), { M, N, K, V_SIZE: (N + 1) * K, MASK, ADD }, replicas, {
      dx: { size: M * N },
      e: { size: M * K },
      v: { size: (N + 1) * K },
      x: { size: M * N },
    });
  },
  outer([{ M, N, K, replicas }, { first: BIAS, second: MASKED }]) {
    const size = (N + Number(BIAS && !MASKED)) * K;
    return deviation(device, change(outer), { M, N, K, BIAS: BIAS && !MASKED, MASKED }, replicas, {
      v: { size },
      velocity: { size },
      x: { size: M * N },
      e: { size: M * K },
      rates: { size: 4 },
      mask: { size: maskWords(N * K), numbers: words(maskWords(N * K) * replicas) },
    });
  },
});
