import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cpuDevice } from '../cpu.ts';
import type { Device } from '../device.ts';
import { dispatch } from '../kernel.ts';
import { apply } from '../kernels/apply.ts';
import { anyConvolutions, convDeviations, largeConvolutions } from '../kernels/conv-testing.ts';
import { descend } from '../kernels/descend.ts';
import { elementCases, elementDeviations } from '../kernels/elements-testing.ts';
import { follow } from '../kernels/follow.ts';
import { maskWords } from '../kernels/mask.ts';
import { productDeviations, wideCases } from '../kernels/products-testing.ts';
import { checkKernel, deviation, testNative, words } from '../testing.ts';
import type { Tensor } from '../tensor.ts';
import type { NativeKernels } from './native.ts';

describe.each([true, false])('with multiply-adds that may round once: %s', (fused) => {
  const device = cpuDevice('float32', testNative({ threads: 1, fused }));
  const deviations = productDeviations(device);

  test('apply is its twin', () => checkKernel(wideCases, deviations.apply, 2e-6, 100));
  test('pullback is its twin', () => checkKernel(wideCases, deviations.pullback, 2e-6, 100));
  test('outer is its twin', () => checkKernel(wideCases, deviations.outer, 2e-6, 100));
  test.each(['apply', 'pullback', 'outer'] as const)('the convolutional %s is its twin', async (name) => {
    const check = convDeviations(device)[name];
    await checkKernel(anyConvolutions, check, 2e-6, 150);
    for (const shape of largeConvolutions)
      for (const first of [false, true])
        await checkKernel(fc.constant({ shape, first, second: first, replicas: 2 }), check, 2e-6, 1);
  });
  test.each(['uniform', 'normal', 'mask', 'thin', 'cut', 'follow', 'mix'] as const)('%s is its twin', (name) =>
    checkKernel(elementCases, elementDeviations(device)[name], 2e-6, 100),
  );
  test('descend is its twin', () => checkKernel(sums, (of) => descendDeviation(device, of), 2e-6, 50));
});

/** Gradients of up to three pieces, of lengths around a vector and around a tile. */
const sums = fc.record({
  COUNT: fc.constantFrom(1, 3, 4, 5, 31, 8191, 8192, 8193, 70_001),
  PIECES: fc.constantFrom(0, 1, 2, 3),
  MASKED: fc.boolean(),
  replicas: fc.integer({ min: 1, max: 3 }),
});

const descendDeviation = (
  device: Device,
  { COUNT, PIECES, MASKED, replicas }: { COUNT: number; PIECES: number; MASKED: boolean; replicas: number },
): Promise<number> =>
  deviation(device, descend, { COUNT, PIECES, MASKED }, replicas, {
    v: { size: COUNT },
    velocity: { size: COUNT },
    partial: { size: Math.max(1, PIECES * COUNT) },
    rates: { size: 4 },
    mask: { size: maskWords(COUNT), numbers: words(maskWords(COUNT) * replicas) },
  });

const tensor = (name: string, size: number): Tensor => ({ name, type: 'f32', size, replicas: 1 });
const [z, x, v] = [tensor('z', 6), tensor('x', 8), tensor('v', 12)];
const constants = { M: 2, N: 3, K: 4, X_SIZE: 8, V_SIZE: 12, BIAS: false, RELU: false };

test('the CPU device computes products by WebAssembly, and without it by their twins', async () => {
  const native = testNative({ threads: 1 });
  let calls = 0;
  const counting: NativeKernels = {
    ...native.kernels,
    apply: (...all) => {
      calls++;
      native.kernels.apply(...all);
    },
  };
  const devices = [cpuDevice('float32', { ...native, kernels: counting }), cpuDevice('float32', null)];
  for (const device of devices) {
    await device.allocate([z, x, v]);
    device.write(x, Float32Array.of(1, 2, 3, 4, 5, 6, 7, 8));
    device.write(v, Float32Array.of(1, 0, 1, 0, 1, 1, 0, 0, 1, 0, 0, NaN));
    const program = await device.compile([dispatch(apply, { z, x, v }, constants)]);
    expect(await device.run([{ program, times: 1 }], [z])).toEqual([Float32Array.of(1, 2, NaN, 5, 6, NaN)]);
  }
  expect(calls).toBe(1);
  expect(devices.map(({ name }) => name)).toEqual(['CPU (WebAssembly, 1 thread)', 'CPU (plain TypeScript)']);
});

test('a weight that is no number has no sign', async () => {
  const device = cpuDevice('float32', testNative({ threads: 1 }));
  const [value, weight] = [tensor('value', 5), tensor('weight', 5)];
  const mask: Tensor = { ...tensor('mask', 1), type: 'u32' };
  await device.allocate([value, weight, mask]);
  device.write(weight, Float32Array.of(NaN, 1, -0, -2, NaN));
  device.write(mask, Uint32Array.of(0b11111));
  const constants = { COUNT: 5, W_SIZE: 5, MAGNITUDE: 0.5, DRAWN: false };
  const program = await device.compile([dispatch(follow, { value, weight, magnitude: value, mask }, constants)]);
  const [followed] = await device.run([{ program, times: 1 }], [value]);
  expect([...followed]).toEqual([NaN, 0.5, 0, -0.5, NaN]);
});

test('tensors that do not fit are refused, and nothing is taken', async () => {
  const device = cpuDevice('float32', testNative({ threads: 1 }));
  const room = 4 * 2 ** 30;
  const fault = { kind: 'too-big', text: expect.stringContaining('huge takes 4 GiB') as string };
  await expect(device.allocate([x, tensor('huge', room / 4)])).rejects.toMatchObject({ fault });
  await expect(device.run([], [x])).rejects.toThrow('Tensor x is not allocated.');
});

test('what was read stays as it was when the memory grows', async () => {
  const device = cpuDevice('float32', testNative({ threads: 1 }));
  await device.allocate([x]);
  device.write(x, new Float32Array(8).fill(3));
  const [before] = await device.run([], [x]);
  await device.allocate([tensor('large', 2 ** 20)]);
  expect(await device.run([], [x])).toEqual([before]);
  expect(before).toEqual(new Float32Array(8).fill(3));
});
