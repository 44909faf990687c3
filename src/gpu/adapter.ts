import type { Device } from './device.ts';
import { schedulesFor, type Memory } from './schedules.ts';
import { isDrowsy } from './waker.ts';
import { webgpuDevice, type AdapterInfo } from './webgpu.ts';

/** Why there is no WebGPU device. */
export type WebGpuProblem = 'insecure-context' | 'no-api' | 'no-adapter' | 'device-refused';

/** Where WebGPU is asked for: a page, a worker, or Node with Dawn. */
export interface WebGpuHost {
  readonly gpu: GPU | undefined;
  readonly secure: boolean;
  /** Remembers what was measured of an adapter. */
  readonly memory: Memory;
}

/** What Chrome has on most GPUs; Safari would give 44. */
const mostStorageBuffers = 10;

/** This thread's WebGPU. */
export const browserHost = (): WebGpuHost => ({
  gpu: navigator.gpu,
  secure: globalThis.isSecureContext,
  memory: browserMemory,
});

/** The browser's cache, which workers have too; only ours of this site. */
const browserMemory: Memory = {
  get: async (key) => (await (await caches.open('feedback-lab')).match(addressOf(key)))?.text(),
  set: async (key, text) => (await caches.open('feedback-lab')).put(addressOf(key), new Response(text)),
};

const addressOf = (key: string): string => `/remembered/${encodeURIComponent(key)}`;

/**
 * Opens a WebGPU device that can bind `bytes` at once: it asks for no more than the experiment needs, and no more than
 * the adapter has. A problem is returned and not thrown, because a page without WebGPU goes on without it.
 */
export async function openWebgpu(host: WebGpuHost, bytes = 0): Promise<Device | WebGpuProblem> {
  const { gpu, secure, memory } = host;
  if (!gpu) return secure ? 'no-api' : 'insecure-context';
  const adapter = (await gpu.requestAdapter({ powerPreference: 'high-performance' })) ?? (await gpu.requestAdapter());
  if (!adapter) return 'no-adapter';
  const clamp = (limit: 'maxBufferSize' | 'maxStorageBufferBindingSize', standard: number): number =>
    Math.min(Math.max(bytes, standard), adapter.limits[limit]);
  const device = await adapter
    .requestDevice({
      requiredFeatures: adapter.features.has('subgroups') ? ['subgroups'] : [],
      requiredLimits: {
        maxBufferSize: clamp('maxBufferSize', 256 * 2 ** 20),
        maxStorageBufferBindingSize: clamp('maxStorageBufferBindingSize', 128 * 2 ** 20),
        // More buffers in one shader: more dispatches that can be joined. With more than these it was never tested.
        maxStorageBuffersPerShaderStage: Math.min(mostStorageBuffers, adapter.limits.maxStorageBuffersPerShaderStage),
      },
    })
    .catch((error: unknown) => {
      // oxlint-disable-next-line no-console -- a problem has no room for the driver's message, but whoever looks should find it
      console.warn('The graphics adapter gives no device.', error);
      return null;
    });
  if (!device) return 'device-refused';
  const info = { ...describe(adapter.info), drowsy: await isDrowsy(device.queue) };
  return webgpuDevice(device, info, await schedulesFor(device, info, memory));
}

/** The adapter as the page shows it: a driver may leave any part of its name empty, and browsers before 2024 tell nothing. */
function describe(info: Partial<GPUAdapterInfo> = {}): Pick<AdapterInfo, 'name' | 'software'> {
  const software = info.isFallbackAdapter === true || info.architecture === 'swiftshader';
  const name = info.description || info.device || [info.vendor, info.architecture].filter(Boolean).join(' ');
  return { name: name || 'unnamed GPU', software };
}
