import fc from 'fast-check';
import { afterAll, beforeAll, test } from 'vitest';
import type { Device } from '../device.ts';
import { checkKernel, deviation, sizes, testDevice } from '../testing.ts';
import { blend, combine, tick } from './correlate.ts';
import { mix } from './mix.ts';
import { centre, normal, perturb } from './noise.ts';

let gpu: Device;
beforeAll(async () => void (gpu = await testDevice()));
afterAll(() => gpu.destroy());

const replicas = fc.integer({ min: 1, max: 3 });
const words = (length: number): Uint32Array<ArrayBuffer> => Uint32Array.from({ length }, () => Math.random() * 2 ** 32);

test('normal.wgsl is its twin', () =>
  checkKernel(
    fc.record({ COUNT: fc.constantFrom(1, 2, 3, 4, 5, 64, 1001, 300_001), replicas, STREAM: fc.nat(5000) }),
    ({ COUNT, replicas: r, STREAM }) =>
      deviation(gpu, normal, { COUNT, DEVIATION: 0.5, STREAM }, r, {
        value: { size: COUNT },
        seed: { size: 1, numbers: words(r) },
        clock: { size: 1, numbers: words(r) },
      }),
    // The shader's sine and logarithm may be off by 2^-11 (WGSL, section 15.7.4).
    1e-3,
  ));

test('centre.wgsl is its twin', () =>
  checkKernel(fc.record({ M: sizes, N: sizes, replicas }), ({ M, N, replicas: r }) =>
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

test('mix.wgsl is its twin, to the bit', () => {
  const share = fc.double({ min: 0, max: 1, noNaN: true });
  const shape = fc.record({ COUNT: sizes, replicas, EXPLICIT: fc.boolean(), path: share, fixed: share });
  return checkKernel(
    shape,
    ({ COUNT, replicas: r, EXPLICIT, path, fixed }) =>
      deviation(gpu, mix, { COUNT, PATH_SHARE: path, FIXED_SHARE: (1 - path) * fixed, EXPLICIT, STREAM: 9 }, r, {
        value: { size: COUNT },
        path: { size: COUNT },
        frozen: { size: COUNT },
        copied: { size: COUNT },
        seed: { size: 1, numbers: words(r) },
      }),
    0,
  );
});

test('tick.wgsl is its twin', () =>
  checkKernel(replicas, (r) => deviation(gpu, tick, {}, r, { clock: { size: 1, numbers: words(r) } }), 0));
