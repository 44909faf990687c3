import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Dataset } from '../data/dataset.ts';
import { defaultsFor } from '../model/fields.ts';
import { parseNetwork } from '../model/network.ts';
import { cpuDevice } from './cpu.ts';
import type { Device } from './device.ts';
import { draws, testDevice } from './testing.ts';
import { Trainer } from './trainer.ts';

let gpu: Device;
beforeAll(async () => void (gpu = await testDevice()));
afterAll(() => gpu.destroy());

/** 16 random images of 8 × 8. */
function dataset(): Dataset {
  const split = { count: 16, images: draws(16 * 64), labels: Uint8Array.from({ length: 16 }, (_, i) => i % 3) };
  const shape = { height: 8, width: 8, channels: 1 };
  return { id: 'random', name: 'Random', shape, classes: 3, mean: [0], std: [1], train: split, test: split };
}

const devices: readonly (readonly [string, () => Device])[] = [
  ['by the twin', () => cpuDevice('float64')],
  ['in WebAssembly', () => cpuDevice()],
  ['on WebGPU', () => gpu],
];

test.each(devices)('%s, a tap that sees only padding fades and is no NaN', async (_, open) => {
  const settings = { batch: 8, mirrorBatch: 8, mirrorSteps: 3, mirrorRate: 0.5, convMirrorRate: 0.5 };
  // The second convolution has a 3×3 window on a 1×1 map.
  const layers = parseNetwork('c4k3s2-gavg-c4k3-flat');
  const trainer = new Trainer({ ...defaultsFor('wm'), ...settings, layers }, dataset());
  await trainer.prepare(open());
  const { rows, columns, name } = trainer.network.weights[1].feedback['feedback'];
  const drawn = (await trainer.snapshot()).get(name);
  await trainer.warmUp();
  const learned = (await trainer.snapshot()).get(name);
  const tap = (rows / 9) * columns;
  for (let i = 0; i < rows * columns; i++)
    if (Math.floor(i / tap) !== 4) expect(learned?.[i]).toBeCloseTo((drawn?.[i] ?? NaN) / 8, 6);
  expect((await trainer.train(2)).map(({ loss }) => Number.isFinite(loss[0]))).toEqual([true, true]);
  for (const numbers of (await trainer.snapshot()).values()) expect(numbers.some(Number.isNaN)).toBe(false);
  trainer.dispose();
});
