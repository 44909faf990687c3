import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Device } from '../device.ts';
import type { Numbers } from '../tensor.ts';
import { checkKernel, deviation, draws, testDevice } from '../testing.ts';
import { fill } from './fill.ts';
import { moments, normalise, normGradient, normPullback, piecesOf, poolMoments, track } from './norm.ts';
import { pool, unpool } from './pool.ts';
import { skip, unskip, type SkipConstants } from './skip.ts';
import { spread } from './spread.ts';
import { transpose } from './transpose.ts';

let gpu: Device;
beforeAll(async () => void (gpu = await testDevice()));
afterAll(() => gpu.destroy());

const side = fc.integer({ min: 1, max: 9 });
const channels = fc.constantFrom(1, 2, 3, 8, 13);
const common = {
  M: fc.integer({ min: 1, max: 5 }),
  first: fc.boolean(),
  second: fc.boolean(),
  replicas: fc.integer({ min: 1, max: 3 }),
};

const flags = fc.record({ MASK: fc.boolean(), ADD: fc.boolean() });

test('spread.wgsl is its twin', () =>
  checkKernel(
    fc.record({ ...common, POSITIONS: fc.integer({ min: 1, max: 70 }), CHANNELS: channels }),
    ({ M, POSITIONS, CHANNELS, replicas }) =>
      deviation(gpu, spread, { M, POSITIONS, CHANNELS }, replicas, {
        y: { size: M * POSITIONS * CHANNELS },
        x: { size: M * CHANNELS },
      }),
  ));

test('transpose.wgsl is its twin', () =>
  checkKernel(
    fc.record({ ...common, ROWS: fc.integer({ min: 1, max: 70 }), COLUMNS: channels }),
    ({ M, ROWS, COLUMNS, first: MASK, second: ADD, replicas }) => {
      const size = M * ROWS * COLUMNS;
      const operands = { y: { size }, x: { size }, gate: { size } };
      return deviation(gpu, transpose, { M, ROWS, COLUMNS, MASK, ADD }, replicas, operands);
    },
  ));

const pools = fc
  .record({
    M: common.M,
    replicas: common.replicas,
    HEIGHT: side,
    WIDTH: side,
    CHANNELS: channels,
    ROWS: fc.integer({ min: 1, max: 4 }),
    COLUMNS: fc.integer({ min: 1, max: 4 }),
    STRIDE: fc.integer({ min: 1, max: 4 }),
    PADDING: fc.nat(2),
    MAX: fc.boolean(),
  })
  .map((shape) => ({
    ...shape,
    OUT_HEIGHT: Math.floor((shape.HEIGHT + 2 * shape.PADDING - shape.ROWS) / shape.STRIDE) + 1,
    OUT_WIDTH: Math.floor((shape.WIDTH + 2 * shape.PADDING - shape.COLUMNS) / shape.STRIDE) + 1,
  }))
  .filter((s) => s.OUT_HEIGHT > 0 && s.OUT_WIDTH > 0 && s.PADDING <= s.ROWS / 2 && s.PADDING <= s.COLUMNS / 2);

/** Numbers, some of which are NaN. */
const withHoles = (length: number) => draws(length).map((value) => (Math.abs(value) > 0.9 ? NaN : value));
/** Replaces NaN by a number that occurs nowhere else, so that it can be compared. */
const filled = (numbers: Numbers) => numbers.map((value) => (Number.isNaN(value) ? 2 : value));

test('pool.wgsl is its twin, and lets through what is no number', () =>
  checkKernel(pools, ({ replicas, ...shape }) => {
    const size = shape.M * shape.HEIGHT * shape.WIDTH * shape.CHANNELS;
    const y = { size: shape.M * shape.OUT_HEIGHT * shape.OUT_WIDTH * shape.CHANNELS, counted: filled };
    const x = { size, numbers: withHoles(size * replicas) };
    return deviation(gpu, pool, shape, replicas, { y, x, by: x });
  }));

test('unpool.wgsl is its twin, where several numbers are largest or none is one, too', () =>
  checkKernel(fc.tuple(pools, flags), ([{ replicas, ...shape }, { MASK, ADD }]) => {
    const size = shape.M * shape.HEIGHT * shape.WIDTH * shape.CHANNELS;
    const e = { size: shape.M * shape.OUT_HEIGHT * shape.OUT_WIDTH * shape.CHANNELS };
    const x = { size, numbers: withHoles(size * replicas).map((value) => Math.round(2 * value)) };
    return deviation(gpu, unpool, { ...shape, MASK, ADD }, replicas, { dx: { size }, e, x });
  }));

const skips = fc
  .record({
    M: common.M,
    replicas: common.replicas,
    HEIGHT: side,
    WIDTH: side,
    CHANNELS: channels,
    more: fc.nat(5),
    STRIDE: fc.integer({ min: 1, max: 3 }),
  })
  .map(({ more, ...shape }) => ({
    ...shape,
    OUT_HEIGHT: Math.ceil(shape.HEIGHT / shape.STRIDE),
    OUT_WIDTH: Math.ceil(shape.WIDTH / shape.STRIDE),
    OUT_CHANNELS: shape.CHANNELS + more,
    FRONT: Math.floor(more / 2),
  }));
const sourceSize = (c: SkipConstants): number => c.M * c.HEIGHT * c.WIDTH * c.CHANNELS;
const sumSize = (c: SkipConstants): number => c.M * c.OUT_HEIGHT * c.OUT_WIDTH * c.OUT_CHANNELS;

test('skip.wgsl is its twin', () =>
  checkKernel(fc.tuple(skips, fc.boolean()), ([{ replicas, ...shape }, RELU]) =>
    deviation(gpu, skip, { ...shape, RELU }, replicas, { y: { size: sumSize(shape) }, x: { size: sourceSize(shape) } }),
  ));

test('unskip.wgsl is its twin', () =>
  checkKernel(fc.tuple(skips, flags), ([{ replicas, ...shape }, { MASK, ADD }]) =>
    deviation(gpu, unskip, { ...shape, MASK, ADD }, replicas, {
      dx: { size: sourceSize(shape) },
      e: { size: sumSize(shape) },
      x: { size: sourceSize(shape) },
    }),
  ));

const norms = fc.record({
  ...common,
  M: fc.constantFrom(1, 2, 31, 32, 33, 65, 1000, 9001),
  N: fc.constantFrom(1, 3, 16, 65),
});

test('fill.wgsl is its twin', () =>
  checkKernel(norms, ({ N, replicas }) =>
    deviation(gpu, fill, { N, FIRST: 1, SECOND: -0.5 }, replicas, { value: { size: 2 * N } }),
  ));

/** Means around zero and variances around one. */
const statisticsOf = (N: number, replicas: number) => ({
  size: 2 * N,
  numbers: draws(2 * N * replicas).map((value, i) => (i % (2 * N) < N ? value : 1 + value / 2)),
});

type NormCase = { M: number; N: number; first: boolean; second: boolean; replicas: number };

/** For each shader: how far it is from its twin, and how far it may be. */
const normKernels: Readonly<Record<string, readonly [number, (of: NormCase) => Promise<number>]>> = {
  'moments.wgsl and pool-moments.wgsl, far from zero, too': [
    1e-5,
    async ({ M, N, replicas }) => {
      const constants = { M, N, PIECES: piecesOf(M) };
      const partial = { size: constants.PIECES * 2 * N };
      const x = { size: M * N, numbers: draws(M * N * replicas).map((value) => value + 30) };
      return Math.max(
        await deviation(gpu, moments, constants, replicas, { partial, x }),
        await deviation(gpu, poolMoments, constants, replicas, { statistics: { size: 2 * N }, partial }),
      );
    },
  ],
  'normalise.wgsl': [
    2e-6,
    ({ M, N, first: RELU, replicas }) =>
      deviation(gpu, normalise, { M, N, RELU }, replicas, {
        y: { size: M * N },
        x: { size: M * N },
        statistics: statisticsOf(N, replicas),
        v: { size: 2 * N },
      }),
  ],
  'track.wgsl': [
    2e-6,
    ({ M, N, replicas }) =>
      deviation(gpu, track, { M, N }, replicas, { running: { size: 2 * N }, statistics: { size: 2 * N } }),
  ],
  'norm-gradient.wgsl': [
    2e-6,
    ({ M, N, replicas }) =>
      deviation(gpu, normGradient, { M, N, PIECES: piecesOf(M) }, replicas, {
        partial: { size: piecesOf(M) * 2 * N },
        e: { size: M * N },
        x: { size: M * N },
        statistics: statisticsOf(N, replicas),
      }),
  ],
  'norm-pullback.wgsl': [
    2e-6,
    ({ M, N, first: MASK, second: ADD, replicas }) =>
      deviation(gpu, normPullback, { M, N, MASK, ADD }, replicas, {
        dx: { size: M * N },
        e: { size: M * N },
        x: { size: M * N },
        statistics: statisticsOf(N, replicas),
        v: { size: 2 * N },
        sums: { size: 2 * N },
      }),
  ],
};

test.each(Object.entries(normKernels))('%s: what the twins give', (_, [tolerance, of]) =>
  checkKernel(norms, of, tolerance),
);

test.each(Object.entries(normKernels))(
  '%s: what the twins give, where there is more to do than a grid has threads',
  async (_, [tolerance, of]) => {
    const apart = await of({ M: 2, N: 300_001, first: true, second: true, replicas: 2 });
    expect(apart).toBeLessThanOrEqual(tolerance);
  },
);
