import { expect, test, vi } from 'vitest';
import { openWebgpu, type WebGpuHost } from './adapter.ts';

/** A host whose only adapter is as far there as openWebgpu asks for it. */
function hostOf(adapter: Partial<GPUAdapter>): WebGpuHost {
  const limits = { maxBufferSize: 2 ** 28, maxStorageBufferBindingSize: 2 ** 27, maxStorageBuffersPerShaderStage: 8 };
  const gpu = { requestAdapter: async () => ({ features: new Set(), limits, ...adapter }) } as unknown as GPU;
  return { gpu, secure: true, memory: { get: async () => undefined, set: async () => undefined } };
}

test('a driver that gives no device is a problem, and its words are in the console', async () => {
  const warn = vi.spyOn(console, 'warn').mockReturnValue();
  const refusal = new Error('vkCreateDevice failed with VK_ERROR_INITIALIZATION_FAILED');
  expect(await openWebgpu(hostOf({ requestDevice: () => Promise.reject(refusal) }))).toBe('device-refused');
  expect(warn.mock.calls).toEqual([[expect.any(String), refusal]]);
  warn.mockRestore();
});

test('a mistake of ours is no refusal', async () => {
  // This device has no queue to ask.
  const host = hostOf({ requestDevice: async () => ({}) as GPUDevice });
  await expect(openWebgpu(host)).rejects.toThrow(TypeError);
});

test('a browser that tells nothing of its adapter has a GPU without a name', async () => {
  const limits = { maxBufferSize: 2 ** 28, maxStorageBufferBindingSize: 2 ** 27 };
  const queue = { onSubmittedWorkDone: async () => undefined };
  const lost = new Promise(() => undefined);
  const device = { features: new Set(), limits, queue, lost } as unknown as GPUDevice;
  const opened = await openWebgpu(hostOf({ requestDevice: async () => device }));
  expect(opened).toMatchObject({ name: 'unnamed GPU', software: false });
});
