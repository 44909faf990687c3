import { expect, test, vi } from 'vitest';
import { schedulesFor, type Memory } from './schedules.ts';

async function openGpu(): Promise<GPUDevice> {
  const adapter = await navigator.gpu.requestAdapter();
  if (!adapter) throw new Error('This browser has no WebGPU.');
  return adapter.requestDevice({ requiredFeatures: adapter.features.has('subgroups') ? ['subgroups'] : [] });
}

const candidates = ['tiles64', 'tiles32', 'split'];
const info = { name: 'Some GPU', software: false, drowsy: false };

test('a GPU’s schedules are measured once, and nonsense in the memory does not count', async () => {
  const gpu = await openGpu();
  let text = '{"large":"none"';
  const memory: Memory = { get: async () => text, set: async (_, measured) => void (text = measured) };
  const measured = await schedulesFor(gpu, info, memory);
  expect(candidates).toContain(measured.large);
  expect(candidates).toContain(measured.small);
  expect(JSON.parse(text)).toEqual(measured);
  text = '{"large":"split","small":"tiles32"}';
  expect(await schedulesFor(gpu, info, memory)).toEqual({ large: 'split', small: 'tiles32' });
  gpu.destroy();
});

test('where nothing can be remembered, the next device computes by the same schedules', async () => {
  const asked = vi.spyOn(GPUDevice.prototype, 'createShaderModule');
  const memory: Memory = { get: () => Promise.reject(new Error('no storage')), set: () => Promise.reject(new Error()) };
  const [first, second] = [await openGpu(), await openGpu()];
  const other = { ...info, name: 'A GPU in a private window' };
  const measured = await schedulesFor(first, other, memory);
  expect(asked).toHaveBeenCalled();
  asked.mockClear();
  expect(await schedulesFor(second, other, memory)).toEqual(measured);
  expect(asked).not.toHaveBeenCalled();
  asked.mockRestore();
  first.destroy();
  second.destroy();
});

test('a software adapter is not measured: compiling alone would take longer than it could win', async () => {
  const gpu = await openGpu();
  const memory: Memory = {
    get: () => Promise.reject(new Error('asked')),
    set: () => Promise.reject(new Error('told')),
  };
  const schedules = await schedulesFor(gpu, { ...info, software: true }, memory);
  // Chromium's has subgroups, which quads need; Firefox's has none.
  const expected = gpu.features.has('subgroups')
    ? { large: 'quads', small: 'quads' }
    : { large: 'tiles64', small: 'split' };
  expect(schedules).toEqual(expected);
  gpu.destroy();
});
