import fc from 'fast-check';
import type { Device } from '../device.ts';
import { deviation } from '../testing.ts';
import { convApply, convOuter, convPullback, dealImages, type ConvConstants } from './conv.ts';
import { unchanged, type Change } from './products-testing.ts';

const side = fc.integer({ min: 1, max: 11 });
const window = fc.record({
  KERNEL: fc.integer({ min: 1, max: 5 }),
  STRIDE: fc.integer({ min: 1, max: 4 }),
  PADDING: fc.nat(4),
});

type Shape = Omit<ConvConstants, 'OUT_HEIGHT' | 'OUT_WIDTH'>;
const withOutput = (shape: Shape): ConvConstants => {
  const along = (size: number): number => Math.floor((size + 2 * shape.PADDING - shape.KERNEL) / shape.STRIDE) + 1;
  return { ...shape, OUT_HEIGHT: along(shape.HEIGHT), OUT_WIDTH: along(shape.WIDTH) };
};

/** Random shapes with channels of one kind in and out. */
const shapesOf = (channels: fc.Arbitrary<number>): fc.Arbitrary<ConvConstants> =>
  fc
    .record({
      M: fc.integer({ min: 1, max: 5 }),
      HEIGHT: side,
      WIDTH: side,
      INPUTS: channels,
      OUTPUTS: channels,
      window,
    })
    .map(({ window: size, ...shape }) => withOutput({ ...shape, ...size }))
    .filter(({ OUT_HEIGHT, OUT_WIDTH, PADDING, KERNEL }) => OUT_HEIGHT > 0 && OUT_WIDTH > 0 && PADDING < KERNEL);

/** Outputs of several tiles, ragged at both ends. */
export const largeConvolutions: ConvConstants[] = [
  { M: 3, HEIGHT: 43, WIDTH: 41, INPUTS: 52, OUTPUTS: 68, KERNEL: 2, STRIDE: 1, PADDING: 0 },
  { M: 5, HEIGHT: 62, WIDTH: 64, INPUTS: 5, OUTPUTS: 67, KERNEL: 3, STRIDE: 2, PADDING: 1 },
].map(withOutput);

export interface ConvCase {
  readonly shape: ConvConstants;
  readonly first: boolean;
  readonly second: boolean;
  readonly replicas: number;
}
/** Cases of such shapes, with up to `most` replicas. */
const casesOf = (shape: fc.Arbitrary<ConvConstants>, most: number): fc.Arbitrary<ConvCase> =>
  fc.record({ shape, first: fc.boolean(), second: fc.boolean(), replicas: fc.integer({ min: 1, max: most }) });

const inputSize = (c: ConvConstants): number => c.M * c.HEIGHT * c.WIDTH * c.INPUTS;
const outputSize = (c: ConvConstants): number => c.M * c.OUT_HEIGHT * c.OUT_WIDTH * c.OUTPUTS;
/** Size of v with a row for a bias, whether that is used or not. */
const weightSize = (c: ConvConstants): number => (c.KERNEL ** 2 * c.INPUTS + 1) * c.OUTPUTS;

/** Convolutions with any channels. */
export const anyConvolutions = casesOf(shapesOf(fc.constantFrom(1, 2, 3, 4, 5, 7, 8, 9, 13, 16, 17)), 3);
/** Convolutions whose channels are whole vectors of four. */
export const evenConvolutions = casesOf(shapesOf(fc.constantFrom(4, 8, 12, 16, 20)), 3);

/** How far a device's convolution is from its twin in float64, by its part. */
export const convDeviations = (
  device: Device,
  change: Change = unchanged,
): Readonly<Record<'apply' | 'pullback' | 'outer', (of: ConvCase) => Promise<number>>> => ({
  apply: ({ shape, first: BIAS, second: RELU, replicas }: ConvCase) =>
    deviation(device, change(convApply), { ...shape, V_SIZE: weightSize(shape), BIAS, RELU }, replicas, {
      z: { size: outputSize(shape) },
      x: { size: inputSize(shape) },
      v: { size: weightSize(shape) },
    }),

  pullback: ({ shape, first: MASK, second: ADD, replicas }: ConvCase) =>
    deviation(device, change(convPullback), { ...shape, V_SIZE: weightSize(shape), MASK, ADD }, replicas, {
      dx: { size: inputSize(shape) },
      e: { size: outputSize(shape) },
      v: { size: weightSize(shape) },
      x: { size: inputSize(shape) },
    }),

  outer: ({ shape, first: BIAS, second: few, replicas }: ConvCase) => {
    // As the kernel divides them, mostly one image a piece; or several a piece, where the last may have fewer.
    const deal = few ? { IMAGES: 2, PIECES: Math.ceil(shape.M / 2) } : dealImages(shape);
    return deviation(device, change(convOuter), { ...shape, ...deal, BIAS }, replicas, {
      parts: { size: deal.PIECES * (weightSize(shape) - Number(!BIAS) * shape.OUTPUTS) },
      x: { size: inputSize(shape) },
      e: { size: outputSize(shape) },
    });
  },
});
