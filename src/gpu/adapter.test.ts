import { expect, test, vi } from 'vitest';
import { openWebgpu, type WebGpuHost } from './adapter.ts';

/** A host whose only adapter is as far there as openWebgpu asks for it. */
function hostOf(adapter: Pick<GPUAdapter, 'requestDevice'>): WebGpuHost {
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
  // This adapter has no info to describe.
  const host = hostOf({ requestDevice: async () => ({}) as GPUDevice });
  await expect(openWebgpu(host)).rejects.toThrow(TypeError);
});
