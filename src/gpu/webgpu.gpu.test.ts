import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
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
afterEach(() => vi.restoreAllMocks());

const tensor = (name: string, size: number): Tensor => ({ name, type: 'f32', size, replicas: 1 });

/** Four floats of rates each, in a uniform; every GPU binds 64 KiB of one. */
const many = () => new Trainer(tinyExperiment('bp', { replicas: 5000 }), tinyDataset());

test('more networks than have their rates in one uniform are refused, with the setting to lower', async () => {
  const text = 'rates takes 78.2 KiB, but this GPU binds at most 64 KiB at once. Take fewer seeds.';
  const waits = vi.spyOn(globalThis, 'setTimeout');
  await expect(many().prepare(gpu)).rejects.toMatchObject({ fault: { kind: 'too-big', text } });
  // This is not taken for a loss that the browser has yet to report.
  expect(waits).not.toHaveBeenCalled();
});

test('it says how many shaders it was asked for and has compiled, each of them once', async () => {
  const [value, a, b] = ['value', 'a', 'b'].map((name) => tensor(name, 4));
  await gpu.allocate([value, a, b]);
  // Those of the network that was refused.
  await vi.waitFor(() => expect(gpu.shaders.done).toBe(gpu.shaders.asked), { timeout: 30_000 });
  const { asked } = gpu.shaders;
  const call = dispatch(combine, { value, a, b }, { COUNT: 4, GAIN: 9 });
  const compiling = [gpu.compile([call]), gpu.compile([call])];
  expect(gpu.shaders).toEqual({ asked: asked + 1, done: asked });
  await Promise.all(compiling);
  expect(gpu.shaders).toEqual({ asked: asked + 1, done: asked + 1 });
  gpu.free([value, a, b]);
});

test('what the driver does not bind is a fault, with its words', async () => {
  vi.spyOn(GPUSupportedLimits.prototype, 'maxUniformBufferBindingSize', 'get').mockReturnValue(2 ** 20);
  await expect(many().prepare(gpu)).rejects.toMatchObject({
    fault: {
      kind: 'internal',
      text: expect.stringContaining('does not take the tensors of') as string,
      detail: expect.stringContaining('80000') as string,
    },
  });
});

test('a program that the driver finds invalid is a fault at its first run, and no zeros', async () => {
  const value = tensor('value', 4);
  await gpu.allocate([value]);
  gpu.write(value, Float32Array.of(1, 2, 3, 4));
  // A tensor that is written may not be bound a second time.
  const program = await gpu.compile([dispatch(combine, { value, a: value, b: value }, { COUNT: 4, GAIN: 1 })]);
  await expect(gpu.run([{ program, times: 1 }], [value])).rejects.toMatchObject({
    fault: { kind: 'internal', detail: expect.stringMatching(/writable|usage/i) as string },
  });
  // The tensor is unharmed.
  expect(await gpu.run([], [value])).toEqual([Float32Array.of(1, 2, 3, 4)]);
  gpu.free([value]);
});

test('nothing that is read is held for a loss that may never come', async () => {
  const adapter = await navigator.gpu.requestAdapter();
  const own = await adapter?.requestDevice();
  if (!own) throw new Error('This browser has no WebGPU.');
  const never = new Promise<string>(() => {});
  const held = vi.spyOn(never, 'then');
  const lost = new Promise(() => {});
  vi.spyOn(lost, 'then').mockReturnValue(never);
  Object.defineProperty(own, 'lost', { value: lost });
  const device = webgpuDevice(own, { name: 'GPU', software: true, drowsy: false }, { large: 'quads', small: 'quads' });
  held.mockClear();
  const value = tensor('value', 4);
  await device.allocate([value]);
  expect(await device.run([], [value])).toEqual([new Float32Array(4)]);
  expect(held).not.toHaveBeenCalled();
  device.destroy();
});

test('a shader that did not compile once is tried again, and the reason is the driver’s', async () => {
  const [value, b] = [tensor('value', 4), tensor('b', 4)];
  await gpu.allocate([value, b]);
  const calls = [dispatch(combine, { value, a: b, b }, { COUNT: 4, GAIN: 7 })];
  const refusal = new GPUPipelineError('No such thing.', { reason: 'validation' });
  vi.spyOn(GPUDevice.prototype, 'createComputePipelineAsync').mockRejectedValueOnce(refusal);
  await expect(gpu.compile(calls)).rejects.toMatchObject({
    fault: { kind: 'internal', detail: expect.stringContaining('No such thing.') as string },
  });
  gpu.write(b, Float32Array.of(1, 2, 3, 4));
  expect(await gpu.run([{ program: await gpu.compile(calls), times: 1 }], [value])).toEqual([
    Float32Array.of(8, 16, 24, 32),
  ]);
  gpu.free([value, b]);
});

test('of the buffers that a whole state is read through only a few small ones are kept', async () => {
  const tensors = Array.from({ length: 24 }, (_, i) => tensor(`t${i}`, i === 0 ? 2 ** 19 : 4 + i));
  await gpu.allocate(tensors);
  const made = vi.spyOn(GPUDevice.prototype, 'createBuffer');
  const destroyed = vi.spyOn(GPUBuffer.prototype, 'destroy');
  for (let turn = 0; turn < 3; turn++) {
    const read = await Promise.all(tensors.map((each) => gpu.run([], [each])));
    expect(read.map(([numbers]) => numbers.length)).toEqual(tensors.map(({ size }) => size));
  }
  const kept = new Set(made.mock.results.map(({ value }) => value as GPUBuffer));
  for (const buffer of destroyed.mock.contexts) kept.delete(buffer as GPUBuffer);
  expect(kept.size).toBeLessThanOrEqual(8);
  expect(Math.max(...[...kept].map(({ size }) => size))).toBeLessThan(2 ** 21);
  gpu.free(tensors);
});

test('only the beginning of a tensor is read where that is wanted, and never more than a buffer holds', async () => {
  const [a, b] = [tensor('a', 300), tensor('b', 300)];
  await gpu.allocate([a, b]);
  gpu.write(a, Float32Array.of(1, 2, 3, 4));
  gpu.write(b, Float32Array.of(5, 6, 7));
  vi.spyOn(GPUSupportedLimits.prototype, 'maxBufferSize', 'get').mockReturnValue(2048);
  expect(await gpu.run([], [{ tensor: a, length: 3 }, b, { tensor: b, length: 2 }])).toEqual([
    Float32Array.of(1, 2, 3),
    Float32Array.from({ length: 300 }, (_, i) => [5, 6, 7][i] ?? 0),
    Float32Array.of(5, 6),
  ]);
  const text =
    'This takes 2.35 KiB to read, but a buffer of this GPU holds at most 2 KiB. Take a smaller layer, batch, expansion or fewer seeds.';
  await expect(gpu.run([], [a, b])).rejects.toMatchObject({ fault: { kind: 'too-big', text } });
  gpu.free([a, b]);
});

test('who writes to what is not there, or beyond it, hears so at once', async () => {
  const value = tensor('value', 4);
  expect(() => gpu.write(value, new Float32Array(1))).toThrow('Tensor value is not allocated.');
  await gpu.allocate([value]);
  expect(() => gpu.write(value, new Float32Array(2), 3)).toThrow('no room for 2 from 3 on.');
  gpu.free([value]);
});
