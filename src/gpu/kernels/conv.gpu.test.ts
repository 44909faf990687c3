import fc from 'fast-check';
import { afterAll, beforeAll, describe, test } from 'vitest';
import type { Device } from '../device.ts';
import { checkKernel, everySchedule, scheduled, deviation, draws, testDevice } from '../testing.ts';
import { convApply, convOuter, convPullback, dealImages, type ConvConstants } from './conv.ts';
import { descend, total } from './descend.ts';
import { maskWords } from './mask.ts';

let gpu: Device;
beforeAll(async () => void (gpu = await testDevice()));
afterAll(() => gpu.destroy());

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
const large: ConvConstants[] = [
  { M: 3, HEIGHT: 43, WIDTH: 41, INPUTS: 52, OUTPUTS: 68, KERNEL: 2, STRIDE: 1, PADDING: 0 },
  { M: 5, HEIGHT: 62, WIDTH: 64, INPUTS: 5, OUTPUTS: 67, KERNEL: 3, STRIDE: 2, PADDING: 1 },
].map(withOutput);

interface Case {
  readonly shape: ConvConstants;
  readonly first: boolean;
  readonly second: boolean;
  readonly replicas: number;
}
const casesOf = (shape: fc.Arbitrary<ConvConstants>, most: number): fc.Arbitrary<Case> =>
  fc.record({ shape, first: fc.boolean(), second: fc.boolean(), replicas: fc.integer({ min: 1, max: most }) });

const inputSize = (c: ConvConstants): number => c.M * c.HEIGHT * c.WIDTH * c.INPUTS;
const outputSize = (c: ConvConstants): number => c.M * c.OUT_HEIGHT * c.OUT_WIDTH * c.OUTPUTS;
/** With a row for a bias, whether it is used or not. */
const weightSize = (c: ConvConstants): number => (c.KERNEL ** 2 * c.INPUTS + 1) * c.OUTPUTS;

/** This adapter can run them all. */
describe.each(everySchedule)('the schedule %s', (schedule, runs) => {
  const checkApply = ({ shape, first: BIAS, second: RELU, replicas }: Case) =>
    deviation(gpu, scheduled(convApply, schedule), { ...shape, V_SIZE: weightSize(shape), BIAS, RELU }, replicas, {
      z: { size: outputSize(shape) },
      x: { size: inputSize(shape) },
      v: { size: weightSize(shape) },
    });

  const checkPullback = ({ shape, first: MASK, second: ADD, replicas }: Case) =>
    deviation(gpu, scheduled(convPullback, schedule), { ...shape, V_SIZE: weightSize(shape), MASK, ADD }, replicas, {
      dx: { size: inputSize(shape) },
      e: { size: outputSize(shape) },
      v: { size: weightSize(shape) },
      x: { size: inputSize(shape) },
    });

  const checkOuter = ({ shape, first: BIAS, second: few, replicas }: Case) => {
    // As dealt, mostly one image a piece, or pieces of several images of which the last may have fewer.
    const deal = few ? { IMAGES: 2, PIECES: Math.ceil(shape.M / 2) } : dealImages(shape);
    return deviation(gpu, scheduled(convOuter, schedule), { ...shape, ...deal, BIAS }, replicas, {
      parts: { size: deal.PIECES * (weightSize(shape) - Number(!BIAS) * shape.OUTPUTS) },
      x: { size: inputSize(shape) },
      e: { size: outputSize(shape) },
    });
  };

  describe.each([
    ['any channels', casesOf(shapesOf(fc.constantFrom(1, 2, 3, 4, 5, 7, 8, 9, 13, 16, 17)), 3)],
    ['channels by fours', casesOf(shapesOf(fc.constantFrom(4, 8, 12, 16, 20)), 3)],
  ])('%s', (_, cases) => {
    test('apply is its twin', () => checkKernel(cases, checkApply, 2e-6, runs));
    test('pullback is its twin', () => checkKernel(cases, checkPullback, 2e-6, runs));
    test('outer is its twin', () => checkKernel(cases, checkOuter, 2e-6, runs));
  });

  test.each(large)('large outputs, too', async (shape) => {
    const example: Case = { shape, first: true, second: true, replicas: 1 };
    for (const check of [checkApply, checkPullback, checkOuter])
      await checkKernel(fc.constant(example), check, 2e-6, 1);
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
        numbers: Uint32Array.from(draws(maskWords(COUNT) * replicas), (draw) => (draw + 1) * 2 ** 31),
      },
    }),
  ));
