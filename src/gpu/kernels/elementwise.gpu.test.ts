import fc from 'fast-check';
import { afterAll, beforeAll, test } from 'vitest';
import type { Device } from '../device.ts';
import { checkKernel, deviation, draws, testDevice } from '../testing.ts';
import { superpose } from './correlate.ts';
import { follow } from './follow.ts';
import { gather } from './gather.ts';
import { mask, maskWords } from './mask.ts';
import { score, tally } from './score.ts';
import { cut, thin } from './sparsify.ts';
import { uniform } from './uniform.ts';

let gpu: Device;
beforeAll(async () => void (gpu = await testDevice()));
afterAll(() => gpu.destroy());

/** Counts around workgroup edges, and one that takes several rounds of the grid. */
const counts = fc.constantFrom(1, 2, 31, 32, 33, 63, 64, 65, 1000, 4099, 300_000);
const replicaCount = fc.integer({ min: 1, max: 3 });
const cases = fc.record({ COUNT: counts, replicas: replicaCount, flag: fc.boolean(), STREAM: fc.nat(5000) });

const words = (length: number): Uint32Array<ArrayBuffer> => Uint32Array.from({ length }, () => Math.random() * 2 ** 32);
const below = (length: number, limit: number): Uint32Array<ArrayBuffer> =>
  Uint32Array.from({ length }, () => Math.random() * limit);
const ratesOf = (replicas: number): Float32Array<ArrayBuffer> =>
  Float32Array.from({ length: 4 * replicas }, () => 0.05 + 0.9 * Math.random());

test('uniform.wgsl is its twin, to the bit', () =>
  checkKernel(
    cases,
    ({ COUNT, replicas, flag, STREAM }) =>
      deviation(gpu, uniform, { COUNT, SIZE: COUNT + 3, BOUND: 0.5, STREAM, STEPPED: flag }, replicas, {
        value: { size: COUNT + 3, numbers: draws((COUNT + 3) * replicas) },
        seed: { size: 1, numbers: words(replicas) },
        clock: { size: 1, numbers: words(replicas) },
      }),
    0,
  ));

test('mask.wgsl is its twin, to the bit', () =>
  checkKernel(
    cases,
    ({ COUNT, replicas, flag, STREAM }) =>
      deviation(gpu, mask, { COUNT, STREAM }, replicas, {
        mask: { size: maskWords(COUNT), numbers: words(maskWords(COUNT) * replicas) },
        seed: { size: 1, numbers: words(replicas) },
        rates: { size: 4, numbers: flag ? new Float32Array(4 * replicas).fill(1) : ratesOf(replicas) },
      }),
    0,
  ));

test('thin.wgsl is its twin', () =>
  checkKernel(cases, ({ COUNT, replicas, flag }) =>
    deviation(gpu, thin, { COUNT, RESCALED: flag }, replicas, {
      value: { size: COUNT },
      full: { size: COUNT },
      mask: { size: maskWords(COUNT), numbers: words(maskWords(COUNT) * replicas) },
      rates: { size: 4, numbers: ratesOf(replicas) },
    }),
  ));

test('cut.wgsl is its twin', () =>
  checkKernel(
    cases,
    ({ COUNT, replicas }) =>
      deviation(gpu, cut, { COUNT }, replicas, {
        value: { size: COUNT },
        // Every other word keeps all.
        mask: {
          size: maskWords(COUNT),
          numbers: words(maskWords(COUNT) * replicas).map((word, i) => (i % 2 === 0 ? word : 2 ** 32 - 1)),
        },
      }),
    0,
  ));

test('follow.wgsl is its twin', () =>
  checkKernel(
    cases,
    ({ COUNT, replicas, flag }) =>
      deviation(gpu, follow, { COUNT, W_SIZE: COUNT + 5, MAGNITUDE: 0.25, DRAWN: flag }, replicas, {
        value: { size: COUNT },
        weight: { size: COUNT + 5, numbers: draws((COUNT + 5) * replicas).map((w) => (Math.abs(w) < 0.2 ? 0 : w)) },
        magnitude: { size: COUNT },
        mask: { size: maskWords(COUNT), numbers: words(maskWords(COUNT) * replicas) },
      }),
    0,
  ));

test('score.wgsl is its twin', () =>
  checkKernel(
    fc.record({ M: fc.constantFrom(1, 2, 63, 64, 65, 130), N: fc.constantFrom(2, 3, 10, 11), replicas: replicaCount }),
    ({ M, N, replicas }) =>
      deviation(gpu, score, { M, N, SLOTS: 4 }, replicas, {
        dz: { size: M * N },
        history: { size: 2 * (4 + M) },
        z: { size: M * N, numbers: draws(M * N * replicas).map((z) => 30 * z) },
        labels: { size: M, numbers: below(M * replicas, N) },
      }),
  ));

test('tally.wgsl is its twin, also where the last batch is not full or the history has come round', () =>
  checkKernel(fc.record({ M: fc.constantFrom(1, 2, 63, 64, 65, 130), replicas: replicaCount }), ({ M, replicas }) =>
    deviation(gpu, tally, { M, SLOTS: 2, COUNT: M * 2 + 1 }, replicas, {
      history: { size: 2 * (2 + M) },
      clock: { size: 1, numbers: below(replicas, 4) },
    }),
  ));

test('gather.wgsl is its twin', () =>
  checkKernel(
    fc.record({
      M: fc.integer({ min: 1, max: 70 }),
      WIDTH: fc.integer({ min: 1, max: 9 }),
      CHANNELS: fc.integer({ min: 1, max: 3 }),
      COUNT: fc.integer({ min: 1, max: 300 }),
      SHUFFLE: fc.boolean(),
      AUGMENT: fc.boolean(),
      BYTES: fc.boolean(),
      AHEAD: fc.integer({ min: 0, max: 2 }),
      replicas: replicaCount,
    }),
    ({ M, WIDTH, CHANNELS, COUNT, SHUFFLE, AUGMENT, BYTES, AHEAD, replicas }) => {
      const N = (WIDTH + 1) * WIDTH * CHANNELS;
      const STEPS = Math.max(1, Math.floor(COUNT / M));
      const means = { MEAN0: 0.1, MEAN1: 0.2, MEAN2: 0.3, STD0: 0.4, STD1: 0.5, STD2: 0.6 };
      const images = BYTES ? words(Math.ceil((COUNT * N) / 4)) : new Uint32Array(draws(COUNT * N).buffer);
      const SPLIT = Math.ceil(images.length / 2);
      const constants = { M, N, WIDTH, CHANNELS, COUNT, STEPS, AHEAD, SHUFFLE, AUGMENT, BYTES, SPLIT, ...means };
      // A second part of no words cannot be bound.
      const more = images.length > SPLIT ? images.slice(SPLIT) : images;
      return deviation(gpu, gather, constants, replicas, {
        x: { size: M * N },
        labels: { size: M, numbers: words(M * replicas) },
        images: { size: SPLIT, shared: true, numbers: images.slice(0, SPLIT) },
        more: { size: more.length, shared: true, numbers: more },
        classes: { size: COUNT, shared: true, numbers: below(COUNT, 10) },
        clock: { size: 1, numbers: below(replicas, 3 * STEPS) },
        seed: { size: 1, numbers: words(replicas) },
      });
    },
  ));

test('superpose.wgsl is its twin', () =>
  checkKernel(cases, ({ COUNT, replicas }) =>
    deviation(gpu, superpose, { COUNT }, replicas, {
      value: { size: COUNT },
      factors: { size: 2 },
      a: { size: COUNT },
      b: { size: COUNT },
      c: { size: COUNT },
    }),
  ));
