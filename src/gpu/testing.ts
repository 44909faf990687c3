import fc from 'fast-check';
import { vi } from 'vitest';
import { drawWords, unit } from '../model/rng.ts';
import { browserHost, openWebgpu } from './adapter.ts';
import { cpuDevice } from './cpu.ts';
import type { Device } from './device.ts';
import { dispatch, type Constants, type Kernel, type Schedule, type Schedules } from './kernel.ts';
import { openNative, type Native, type NativeOptions } from './native/native.ts';
import type { Numbers, Tensor } from './tensor.ts';
import { isDrowsy } from './waker.ts';
import { webgpuDevice } from './webgpu.ts';

/** The browser's WebGPU device. Throws where there is none, so that a test which needs one fails. */
export async function testDevice(): Promise<Device> {
  const device = await openWebgpu(browserHost());
  if (typeof device === 'string') throw new Error(`This browser has no WebGPU: ${device}.`);
  return device;
}

/**
 * The same adapter, treated as a GPU: it computes by these schedules and joins independent dispatches. A shader may bind at
 * most `storageBuffers`.
 */
export async function testGpu(schedules: Schedules, storageBuffers = 10): Promise<Device> {
  const adapter = await navigator.gpu.requestAdapter();
  if (!adapter) throw new Error('This browser has no WebGPU.');
  const limits = { maxStorageBuffersPerShaderStage: storageBuffers };
  const device = await adapter.requestDevice({ requiredLimits: limits });
  return webgpuDevice(device, { name: 'GPU', software: false, drowsy: await isDrowsy(device.queue) }, schedules);
}

/** Watches which GPUs are handed out from now on, so that the last one can be lost, as after a driver's crash. */
export function watchGpus(): { lose: () => Promise<void> } {
  const { mock } = vi.spyOn(GPUAdapter.prototype, 'requestDevice');
  return {
    async lose() {
      const device: unknown = mock.settledResults.at(-1)?.value;
      if (!(device instanceof GPUDevice)) throw new Error('No GPU was handed out.');
      device.destroy();
      await device.lost;
    },
  };
}

/** WebAssembly as the CPU device uses it. Throws where there is none, so that a test which needs it fails. */
export function testNative(options: NativeOptions): Native {
  const native = openNative(options);
  if (!native) throw new Error('This engine has no WebAssembly with SIMD.');
  return native;
}

/** One tensor of a kernel under test. */
export interface Operand {
  readonly size: number;
  readonly shared?: boolean;
  /** Its numbers at the start; drawn from [-1, 1) when left out. */
  readonly numbers?: Numbers;
  /** Picks the numbers to compare from those written there, in all replicas; all of them when left out. */
  readonly counted?: (numbers: Numbers) => Numbers;
}

/**
 * Runs a kernel on a device, and its twin in float64, on the same numbers. Returns the largest difference over all numbers
 * that it writes, relative to the largest of them.
 */
export async function deviation<C extends Constants, Binding extends string>(
  device: Device,
  kernel: Kernel<C, Binding>,
  constants: C,
  replicas: number,
  operands: Readonly<Record<Binding, Operand>>,
): Promise<number> {
  const oracle = cpuDevice('float64');
  const entries = Object.entries<Operand>(operands).map(([name, operand]) => {
    const type = operand.numbers instanceof Uint32Array ? 'u32' : 'f32';
    const tensor: Tensor = { name, type, size: operand.size, replicas: operand.shared ? 1 : replicas };
    return [name as Binding, tensor, operand.numbers ?? draws(tensor.size * tensor.replicas)] as const;
  });
  const tensors = Object.fromEntries(entries.map(([name, tensor]) => [name, tensor])) as Record<Binding, Tensor>;
  const written = entries.filter(([name]) => kernel.bindings[name] === 'write').map(([, tensor]) => tensor);
  const results: Numbers[][] = [];
  for (const each of [device, oracle]) {
    await each.allocate(Object.values(tensors));
    for (const [, tensor, numbers] of entries) each.write(tensor, numbers);
    const program = await each.compile([dispatch(kernel, tensors, constants)]);
    results.push(await each.run([{ program, times: 1 }], written));
    each.free(Object.values(tensors));
  }
  const counted = written.map(({ name }) => operands[name as Binding].counted ?? ((numbers: Numbers) => numbers));
  return Math.max(...counted.map((of, i) => largestDifference(of(results[0][i]), of(results[1][i]))));
}

function largestDifference(actual: Numbers, expected: Numbers): number {
  let difference = 0;
  let scale = 1;
  for (let i = 0; i < expected.length; i++) {
    // A NaN counts as infinitely far off.
    const apart = Math.abs(actual[i] - expected[i]);
    difference = Math.max(difference, Number.isNaN(apart) ? Infinity : apart);
    scale = Math.max(scale, Math.abs(expected[i]));
  }
  return difference / scale;
}

/** The stream that a test's next numbers come from. Every case of a property has its own seed, so that it can be replayed. */
let [seed, stream] = [0, 0];

/** Random 32-bit words, different ones at each call. */
export function words(length: number): Uint32Array<ArrayBuffer> {
  const drawn = new Uint32Array(length);
  drawWords(seed, stream++, 0, length, (i, word) => (drawn[i] = word));
  return drawn;
}

/** Numbers in [-1, 1), float32, different ones at each call. */
export const draws = (length: number): Float32Array<ArrayBuffer> =>
  Float32Array.from(words(length), (word) => 2 * unit(word) - 1);

/** Sizes around the tiles' edges: 1, primes, tile - 1, tile, tile + 1. */
export const sizes = fc.constantFrom(1, 2, 3, 5, 7, 8, 9, 13, 31, 32, 33, 63, 64, 65, 67);

/**
 * Checks a property of kernels on WebGPU. Each case costs a compilation, so there are few, with telling shapes. The seed of
 * the numbers that it draws is a part of the case.
 */
export const checkKernel = async <T>(
  shape: fc.Arbitrary<T>,
  deviationOf: (shape: T) => Promise<number>,
  tolerance = 2e-6,
  numRuns = 15,
): Promise<void> =>
  fc.assert(
    fc.asyncProperty(shape, fc.nat(), async (value, drawn) => {
      [seed, stream] = [drawn, 0];
      const apart = await deviationOf(value);
      if (!(apart <= tolerance)) throw new Error(`It is ${apart} away from its twin.`);
    }),
    { numRuns },
  );

/** Every schedule of a product, and how many cases its tests take: shaders with barriers take long to compile in software. */
export const everySchedule: readonly (readonly [Schedule, number])[] = [
  ['quads', 15],
  ['tiles64', 5],
  ['tiles32', 5],
  ['split', 5],
];

/** A product that keeps to one schedule, whatever the adapter would choose. */
export const scheduled = <C extends Constants, Binding extends string>(
  kernel: Kernel<C, Binding>,
  schedule: Schedule,
): Kernel<C, Binding> => ({
  ...kernel,
  shader: (constants) => kernel.shader(constants, { large: schedule, small: schedule }),
});
