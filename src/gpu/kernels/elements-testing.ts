import fc from 'fast-check';
import type { Device } from '../device.ts';
import { deviation, draws, words, type Operand } from '../testing.ts';
import { follow } from './follow.ts';
import { mask, maskWords } from './mask.ts';
import { mix } from './mix.ts';
import { normal } from './noise.ts';
import { cut, thin } from './sparsify.ts';
import { uniform } from './uniform.ts';

/** Kernels that compute each number independently, tested as shaders and as WebAssembly. */
export type ElementKernel = 'uniform' | 'normal' | 'mask' | 'thin' | 'cut' | 'follow' | 'mix';

/** Numbers to make, and whether the kernel's option is on. */
export type ElementCase = { COUNT: number; replicas: number; flag: boolean; STREAM: number };

/** Counts around the edges of vectors, workgroups and tiles, and one that takes several rounds of a grid. */
export const elementCases: fc.Arbitrary<ElementCase> = fc.record({
  COUNT: fc.constantFrom(1, 2, 3, 5, 15, 17, 31, 32, 33, 63, 64, 65, 1000, 4099, 8191, 8193, 300_001),
  replicas: fc.integer({ min: 1, max: 3 }),
  flag: fc.boolean(),
  STREAM: fc.nat(5000),
});

/** One number for each replica. */
const each = (replicas: number): Operand => ({ size: 1, numbers: words(replicas) });

/** Rates whose density is between 0.05 and 0.95, or 1. */
const ratesOf = (replicas: number, dense = false): Operand => ({
  size: 4,
  numbers: draws(4 * replicas).map((draw) => (dense ? 1 : 0.5 + 0.45 * draw)),
});

/** A mask of which every other word keeps all. */
const maskOf = (COUNT: number, replicas: number): Operand => ({
  size: maskWords(COUNT),
  numbers: words(maskWords(COUNT) * replicas).map((word, i) => (i % 2 === 0 ? word : 2 ** 32 - 1)),
});

/** How far a device's kernel is from its twin in float64. */
export const elementDeviations = (
  device: Device,
): Readonly<Record<ElementKernel, (of: ElementCase) => Promise<number>>> => ({
  uniform({ COUNT, replicas, flag, STREAM }) {
    // The tensor has more numbers behind these, as of a bias, which must not change.
    const SIZE = COUNT + 3;
    return deviation(device, uniform, { COUNT, SIZE, BOUND: 0.5, STREAM, STEPPED: flag }, replicas, {
      value: { size: SIZE, numbers: draws(SIZE * replicas) },
      seed: each(replicas),
      clock: each(replicas),
    });
  },
  normal: ({ COUNT, replicas, STREAM }) =>
    deviation(device, normal, { COUNT, DEVIATION: 0.5, STREAM }, replicas, {
      value: { size: COUNT },
      seed: each(replicas),
      clock: each(replicas),
    }),
  mask: ({ COUNT, replicas, flag, STREAM }) =>
    deviation(device, mask, { COUNT, STREAM }, replicas, {
      mask: { size: maskWords(COUNT), numbers: words(maskWords(COUNT) * replicas) },
      seed: each(replicas),
      rates: ratesOf(replicas, flag),
    }),
  thin: ({ COUNT, replicas, flag }) =>
    deviation(device, thin, { COUNT, RESCALED: flag }, replicas, {
      value: { size: COUNT },
      full: { size: COUNT },
      mask: maskOf(COUNT, replicas),
      rates: ratesOf(replicas),
    }),
  cut: ({ COUNT, replicas }) =>
    deviation(device, cut, { COUNT }, replicas, { value: { size: COUNT }, mask: maskOf(COUNT, replicas) }),
  follow: ({ COUNT, replicas, flag }) =>
    deviation(device, follow, { COUNT, W_SIZE: COUNT + 5, MAGNITUDE: 0.25, DRAWN: flag }, replicas, {
      value: { size: COUNT },
      weight: { size: COUNT + 5, numbers: draws((COUNT + 5) * replicas).map((w) => (Math.abs(w) < 0.2 ? 0 : w)) },
      magnitude: { size: COUNT },
      mask: maskOf(COUNT, replicas),
    }),
  mix({ COUNT, replicas, flag, STREAM }) {
    const [PATH_SHARE, FIXED_SHARE] = draws(2).map((draw) => 0.25 + 0.25 * draw);
    return deviation(device, mix, { COUNT, PATH_SHARE, FIXED_SHARE, EXPLICIT: flag, STREAM }, replicas, {
      value: { size: COUNT },
      path: { size: COUNT },
      frozen: { size: COUNT },
      copied: { size: COUNT },
      seed: each(replicas),
    });
  },
});
