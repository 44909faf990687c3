import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { tinyDataset, tinyExperiment } from './checkpoint-testing.ts';
import type { Device } from './device.ts';
import { dispatch } from './kernel.ts';
import { combine } from './kernels/combine.ts';
import type { Tensor } from './tensor.ts';
import { testDevice } from './testing.ts';
import { Trainer } from './trainer.ts';
import { webgpuDevice } from './webgpu.ts';

let gpu: Device;
beforeAll(async () => void (gpu = await testDevice()));
afterAll(() => gpu.destroy());

const tensor = (name: string, size: number): Tensor => ({ name, type: 'f32', size, replicas: 1 });

/** Four floats of rates each, in a uniform; every GPU binds 64 KiB of one. */
const many = () => new Trainer(tinyExperiment('bp', { replicas: 5000 }), tinyDataset());

test('more networks than have their rates in one uniform are refused, with the setting to lower', async () => {
  const text = 'rates takes 79 KiB, but this GPU binds at most 64 KiB at once. Take fewer seeds.';
  await expect(many().prepare(gpu)).rejects.toMatchObject({ fault: { kind: 'too-big', text } });
});

test('what the driver does not bind is a fault, with its words', async () => {
  const limit = vi.spyOn(GPUSupportedLimits.prototype, 'maxUniformBufferBindingSize', 'get').mockReturnValue(2 ** 20);
  await expect(many().prepare(gpu)).rejects.toMatchObject({
    fault: {
      kind: 'internal',
      text: expect.stringContaining('does not take the tensors of') as string,
      detail: expect.stringContaining('80000') as string,
    },
  });
  limit.mockRestore();
});

test('a program that the driver finds invalid is a fault at its first run, and no zeros', async () => {
  const value = tensor('value', 4);
  await gpu.allocate([value]);
  gpu.write(value, Float32Array.of(1, 2, 3, 4));
  // What is written may not be bound a second time.
  const program = await gpu.compile([dispatch(combine, { value, a: value, b: value }, { COUNT: 4, GAIN: 1 })]);
  await expect(gpu.run([{ program, times: 1 }], [value])).rejects.toMatchObject({
    fault: { kind: 'internal', detail: expect.stringMatching(/writable|usage/i) as string },
  });
  // Nothing else suffers from it.
  expect(await gpu.run([], [value])).toEqual([Float32Array.of(1, 2, 3, 4)]);
  gpu.free([value]);
});

test('nothing that is read is held for a loss that may never come', async () => {
  const adapter = await navigator.gpu.requestAdapter();
  const own = await adapter?.requestDevice();
  if (!own) throw new Error('This browser has no WebGPU.');
  const never = new Promise<string>(() => {});
  const held = vi.spyOn(never, 'then');
  Object.defineProperty(own, 'lost', { value: { then: () => never } });
  const device = webgpuDevice(own, { name: 'GPU', software: true }, { large: 'quads', small: 'quads' });
  const value = tensor('value', 4);
  await device.allocate([value]);
  expect(await device.run([], [value])).toEqual([new Float32Array(4)]);
  expect(held).not.toHaveBeenCalled();
  device.destroy();
});
