import fc from 'fast-check';
import { afterAll, beforeAll, test } from 'vitest';
import type { Device } from '../device.ts';
import { checkKernel, deviation, draws, testDevice, words } from '../testing.ts';
import { superpose } from './combine.ts';
import { elementCases, elementDeviations, type ElementKernel } from './elements-testing.ts';
import { gather } from './gather.ts';
import { score, tally } from './score.ts';

let gpu: Device;
beforeAll(async () => void (gpu = await testDevice()));
afterAll(() => gpu.destroy());

const replicaCount = fc.integer({ min: 1, max: 3 });
const below = (length: number, limit: number): Uint32Array<ArrayBuffer> => words(length).map((word) => word % limit);
/** How far from its twin a shader may be; a sine and a logarithm may be off by 2⁻¹¹ (WGSL, section 15.7.4). */
const tolerances: Readonly<Record<ElementKernel, number>> = {
  uniform: 0,
  normal: 1e-3,
  mask: 0,
  thin: 2e-6,
  cut: 0,
  follow: 0,
  mix: 0,
};

test.each(Object.entries(tolerances) as [ElementKernel, number][])('%s.wgsl is its twin, up to %f', (name, tolerance) =>
  checkKernel(elementCases, elementDeviations(gpu)[name], tolerance),
);

test('score.wgsl is its twin', () =>
  checkKernel(
    fc.record({ M: fc.constantFrom(1, 2, 63, 64, 65, 130), N: fc.constantFrom(2, 3, 10, 11), replicas: replicaCount }),
    ({ M, N, replicas }) =>
      deviation(gpu, score, { M, N, SLOTS: 4 }, replicas, {
        dz: { size: M * N },
        ring: { size: 2 * (4 + M) },
        z: { size: M * N, numbers: draws(M * N * replicas).map((z) => 30 * z) },
        labels: { size: M, numbers: below(M * replicas, N) },
      }),
  ));

test('tally.wgsl is its twin, also where the last batch is not full or the ring has come round', () =>
  checkKernel(fc.record({ M: fc.constantFrom(1, 2, 63, 64, 65, 130), replicas: replicaCount }), ({ M, replicas }) =>
    deviation(gpu, tally, { M, SLOTS: 2, COUNT: M * 2 + 1 }, replicas, {
      ring: { size: 2 * (2 + M) },
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
      // A second part without words could not be bound.
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
  checkKernel(elementCases, ({ COUNT, replicas }) =>
    deviation(gpu, superpose, { COUNT }, replicas, {
      value: { size: COUNT },
      factors: { size: 2 },
      a: { size: COUNT },
      b: { size: COUNT },
      c: { size: COUNT },
    }),
  ));
