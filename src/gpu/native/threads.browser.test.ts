import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { cpuDevice } from '../cpu.ts';
import type { Device } from '../device.ts';
import { dispatch } from '../kernel.ts';
import { apply } from '../kernels/apply.ts';
import { convDeviations, largeConvolutions } from '../kernels/conv-testing.ts';
import { descend } from '../kernels/descend.ts';
import { outer } from '../kernels/outer.ts';
import { productDeviations, wideCases } from '../kernels/products-testing.ts';
import { pullback } from '../kernels/pullback.ts';
import { checkKernel, draws, testNative } from '../testing.ts';
import type { Numbers, Tensor } from '../tensor.ts';
import { jobBytes, type Crew } from './native.ts';

test('an isolated page computes on up to eight cores', () => {
  const device = cpuDevice();
  device.destroy();
  expect(crossOriginIsolated).toBe(true);
  expect(device.name).toContain(`${Math.min(navigator.hardwareConcurrency, 8)} thread`);
});

describe.each([
  { threads: 1, fused: true },
  { threads: 3, fused: true },
  { threads: 3, fused: false },
])('%o', (options) => {
  const device = cpuDevice('float32', testNative(options));
  const deviations = productDeviations(device);
  const conv = convDeviations(device);
  afterAll(() => device.destroy());

  test('apply is its twin', () => checkKernel(wideCases, deviations.apply, 2e-6, 100));
  test('pullback is its twin', () => checkKernel(wideCases, deviations.pullback, 2e-6, 100));
  test('outer is its twin', () => checkKernel(wideCases, deviations.outer, 2e-6, 100));
  test.each(['apply', 'pullback', 'outer'] as const)('the convolutional %s is its twin', async (name) => {
    for (const shape of largeConvolutions)
      await checkKernel(fc.constant({ shape, first: true, second: true, replicas: 2 }), conv[name], 2e-6, 1);
  });
});

const [M, N, K] = [64, 260, 300];
const tensor = (name: string, size: number): Tensor => ({ name, type: 'f32', size, replicas: 1 });
const tensors = {
  x: tensor('x', M * N),
  z: tensor('z', M * K),
  dx: tensor('dx', M * N),
  v: tensor('v', (N + 1) * K),
  velocity: tensor('velocity', (N + 1) * K),
  rates: tensor('rates', 4),
};
const { x, z, dx, v, velocity, rates } = tensors;

/** A step that reads and writes one weight: a tile computed twice, or never, changes everything after it. */
const step = [
  dispatch(apply, { z, x, v }, { M, N: K, K: N, X_SIZE: M * N, V_SIZE: (N + 1) * K, BIAS: true, RELU: false }),
  dispatch(pullback, { dx, e: z, v, x }, { M, N, K, V_SIZE: (N + 1) * K, MASK: true, ADD: false }),
  dispatch(outer, { v, velocity, x: dx, e: z, rates, mask: x }, { M, N, K, BIAS: true, MASKED: false }),
  dispatch(descend, { v, velocity, partial: x, rates, mask: x }, { COUNT: (N + 1) * K, PIECES: 0, MASKED: false }),
];
const begin = { x: draws(M * N), v: draws((N + 1) * K).map((each) => each / 30) };

async function train(device: Device, steps: number): Promise<Numbers[]> {
  await device.allocate(Object.values(tensors));
  device.write(x, begin.x);
  device.write(v, begin.v);
  device.write(rates, Float32Array.of(1e-6, 0.5, 0, 1));
  const program = await device.compile(step);
  const numbers = await device.run([{ program, times: steps }], [v, velocity]);
  device.destroy();
  return numbers;
}

test('however many threads there are, the bits are the same', async () => {
  const alone = await train(cpuDevice('float32', testNative({ threads: 1 })), 300);
  expect(alone[0]).not.toEqual(begin.v);
  expect(alone[0].every(Number.isFinite)).toBe(true);
  for (const threads of [2, 3, 8])
    expect(await train(cpuDevice('float32', testNative({ threads })), 300)).toEqual(alone);
});

test('helpers that are gone are not missed', async () => {
  const alone = await train(cpuDevice('float32', testNative({ threads: 1 })), 3);
  const native = testNative({ threads: 3 });
  const asleep = () => Atomics.load(new Int32Array(native.heap.memory.buffer), 2 ** 16 / 4 + 2);
  await expect.poll(asleep).toBe(2);
  native.close();
  expect(await train(cpuDevice('float32', native), 3)).toEqual(alone);
});

test('helpers compute, and sleep when there is nothing to do', async () => {
  const native = testNative({ threads: 3 });
  // From the second page on lie the job, which counts the sleepers, and the scratch memories: this thread's is the first.
  const job = 2 ** 16;
  const firstHelper = job + jobBytes + (native.kernels as unknown as Crew).scratchBytes.value;
  const words = () => new Int32Array(native.heap.memory.buffer);
  const asleep = () => Atomics.load(words(), job / 4 + 2);
  await expect.poll(asleep).toBe(2);
  await expect
    .poll(async () => {
      await train(cpuDevice('float32', { ...native, close: () => {} }), 30);
      return words()[firstHelper / 4] !== 0;
    })
    .toBe(true);
  await expect.poll(asleep).toBe(2);
  native.close();
});
