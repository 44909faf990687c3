import fc from 'fast-check';
import { afterAll, beforeAll, test } from 'vitest';
import type { Device } from '../device.ts';
import { checkKernel, deviation, sizes, testDevice, words } from '../testing.ts';
import { blend } from './blend.ts';
import { combine } from './combine.ts';
import { centre, perturb } from './noise.ts';
import { tick } from './tick.ts';

let gpu: Device;
beforeAll(async () => void (gpu = await testDevice()));
afterAll(() => gpu.destroy());

const replicas = fc.integer({ min: 1, max: 3 });

test('centre.wgsl is its twin, with more channels than a grid has workgroups, too', () =>
  checkKernel(fc.record({ M: sizes, N: fc.oneof(sizes, fc.constant(5000)), replicas }), ({ M, N, replicas: r }) =>
    deviation(gpu, centre, { M, N }, r, { value: { size: M * N } }),
  ));

test('perturb.wgsl, combine.wgsl and blend.wgsl are their twins', () =>
  checkKernel(fc.record({ taps: sizes, tap: sizes, replicas }), async ({ taps, tap, replicas: r }) => {
    const COUNT = taps * tap;
    const size = COUNT;
    return Math.max(
      await deviation(gpu, perturb, { COUNT }, r, { z: { size }, noise: { size } }),
      await deviation(gpu, combine, { COUNT, GAIN: -0.5 }, r, { value: { size }, a: { size }, b: { size } }),
      await deviation(gpu, blend, { COUNT, TAP_SIZE: tap, KEEP: 0.75, GAIN: 0.5 }, r, {
        value: { size },
        estimate: { size },
        taps: { size: taps, shared: true, numbers: Float32Array.from({ length: taps }, (_, i) => 1 + i) },
      }),
    );
  }));

test('tick.wgsl is its twin', () =>
  checkKernel(replicas, (r) => deviation(gpu, tick, {}, r, { clock: { size: 1, numbers: words(r) } }), 0));
