import fc from 'fast-check';
import { afterAll, beforeAll, test } from 'vitest';
import type { Device } from '../device.ts';
import { checkKernel, deviation, draws, testDevice } from '../testing.ts';
import { convApply, convOuter, convPullback, dealImages, type ConvConstants } from './conv.ts';
import { descend, total } from './descend.ts';
import { maskWords } from './mask.ts';

let gpu: Device;
beforeAll(async () => void (gpu = await testDevice()));
afterAll(() => gpu.destroy());

/** Channels around the tiles' edges, in and out. */
const channels = fc.constantFrom(1, 2, 3, 4, 5, 7, 8, 9, 13, 16, 17);
const side = fc.integer({ min: 1, max: 11 });
const shapes = fc
  .record({
    M: fc.integer({ min: 1, max: 5 }),
    HEIGHT: side,
    WIDTH: side,
    INPUTS: channels,
    OUTPUTS: channels,
    KERNEL: fc.integer({ min: 1, max: 5 }),
    STRIDE: fc.integer({ min: 1, max: 4 }),
    PADDING: fc.nat(4),
  })
  .map((shape) => {
    const along = (size: number): number => Math.floor((size + 2 * shape.PADDING - shape.KERNEL) / shape.STRIDE) + 1;
    return { ...shape, OUT_HEIGHT: along(shape.HEIGHT), OUT_WIDTH: along(shape.WIDTH) };
  })
  .filter(({ OUT_HEIGHT, OUT_WIDTH, PADDING, KERNEL }) => OUT_HEIGHT > 0 && OUT_WIDTH > 0 && PADDING < KERNEL);
const cases = fc.record({
  shape: shapes,
  first: fc.boolean(),
  second: fc.boolean(),
  replicas: fc.integer({ min: 1, max: 3 }),
});

const inputSize = (c: ConvConstants): number => c.M * c.HEIGHT * c.WIDTH * c.INPUTS;
const outputSize = (c: ConvConstants): number => c.M * c.OUT_HEIGHT * c.OUT_WIDTH * c.OUTPUTS;
/** With a row for a bias, whether it is used or not. */
const weightSize = (c: ConvConstants): number => (c.KERNEL ** 2 * c.INPUTS + 1) * c.OUTPUTS;

test('conv-apply.wgsl is its twin', () =>
  checkKernel(cases, ({ shape, first: BIAS, second: RELU, replicas }) =>
    deviation(gpu, convApply, { ...shape, V_SIZE: weightSize(shape), BIAS, RELU }, replicas, {
      z: { size: outputSize(shape) },
      x: { size: inputSize(shape) },
      v: { size: weightSize(shape) },
    }),
  ));

test('conv-pullback.wgsl is its twin', () =>
  checkKernel(cases, ({ shape, first: MASK, second: ADD, replicas }) =>
    deviation(gpu, convPullback, { ...shape, V_SIZE: weightSize(shape), MASK, ADD }, replicas, {
      dx: { size: inputSize(shape) },
      e: { size: outputSize(shape) },
      v: { size: weightSize(shape) },
      x: { size: inputSize(shape) },
    }),
  ));

test('conv-outer.wgsl is its twin', () =>
  checkKernel(cases, ({ shape, first: BIAS, second: few, replicas }) => {
    // One image a piece, or pieces of several images of which the last may have fewer.
    const deal = few ? { IMAGES: 2, PIECES: Math.ceil(shape.M / 2) } : dealImages(shape);
    return deviation(gpu, convOuter, { ...shape, ...deal, BIAS }, replicas, {
      partial: { size: deal.PIECES * (weightSize(shape) - Number(!BIAS) * shape.OUTPUTS) },
      x: { size: inputSize(shape) },
      e: { size: outputSize(shape) },
    });
  }));

const sums = fc.record({
  COUNT: fc.constantFrom(1, 31, 32, 33, 64, 65, 1000),
  PIECES: fc.integer({ min: 1, max: 9 }),
  MASKED: fc.boolean(),
  replicas: fc.integer({ min: 1, max: 3 }),
});

test('total.wgsl is its twin', () =>
  checkKernel(sums, ({ COUNT, PIECES, replicas }) =>
    deviation(gpu, total, { COUNT, PIECES }, replicas, { sum: { size: COUNT }, partial: { size: COUNT * PIECES } }),
  ));

test('descend.wgsl is its twin', () =>
  checkKernel(sums, ({ COUNT, PIECES, MASKED, replicas }) =>
    deviation(gpu, descend, { COUNT, PIECES, MASKED }, replicas, {
      v: { size: COUNT },
      velocity: { size: COUNT },
      partial: { size: COUNT * PIECES },
      rates: { size: 4 },
      mask: {
        size: maskWords(COUNT),
        numbers: Uint32Array.from(draws(maskWords(COUNT) * replicas), (draw) => (draw + 1) * 2 ** 31),
      },
    }),
  ));
