import type { Device } from './device.ts';
import { webgpuDevice } from './webgpu.ts';

/** Why there is no WebGPU device. */
export type WebGpuProblem = 'insecure-context' | 'no-api' | 'no-adapter' | 'device-refused';

/** Where WebGPU is asked for: a page, a worker, or Node with Dawn. */
export interface WebGpuHost {
  readonly gpu: GPU | undefined;
  readonly secure: boolean;
}

/** This thread's WebGPU. */
export const browserHost = (): WebGpuHost => ({ gpu: navigator.gpu, secure: globalThis.isSecureContext });

/**
 * Opens a WebGPU device that can bind `bytes` at once: no more than the experiment needs is asked for, and no more than
 * the adapter has. A problem is returned and not thrown, because a page without WebGPU goes on without it.
 */
export async function openWebgpu({ gpu, secure }: WebGpuHost, bytes = 0): Promise<Device | WebGpuProblem> {
  if (!gpu) return secure ? 'no-api' : 'insecure-context';
  const adapter = (await gpu.requestAdapter({ powerPreference: 'high-performance' })) ?? (await gpu.requestAdapter());
  if (!adapter) return 'no-adapter';
  const clamp = (limit: 'maxBufferSize' | 'maxStorageBufferBindingSize', standard: number): number =>
    Math.min(Math.max(bytes, standard), adapter.limits[limit]);
  try {
    const device = await adapter.requestDevice({
      requiredFeatures: adapter.features.has('subgroups') ? ['subgroups'] : [],
      requiredLimits: {
        maxBufferSize: clamp('maxBufferSize', 256 * 2 ** 20),
        maxStorageBufferBindingSize: clamp('maxStorageBufferBindingSize', 128 * 2 ** 20),
      },
    });
    return webgpuDevice(device, describe(adapter.info));
  } catch {
    return 'device-refused';
  }
}

/** The adapter's name as the page shows it: a driver may leave any part of it empty. */
function describe(info: GPUAdapterInfo): { name: string; software: boolean } {
  const software = info.isFallbackAdapter || info.architecture === 'swiftshader';
  const name = info.description || info.device || [info.vendor, info.architecture].filter(Boolean).join(' ');
  return { name: name || 'unnamed GPU', software };
}
