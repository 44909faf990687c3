import { loadDataset } from '../src/data/load.ts';
import { browserHost, openWebgpu } from '../src/gpu/adapter.ts';
import type { Device } from '../src/gpu/device.ts';
import { holdContest, type Contest, type ContestRow } from './contest.ts';
import { jax } from './jax.ts';
import { timeKernels, type KernelRow } from './kernels.ts';
import { ours } from './ours.ts';
import { tfjs } from './tfjs.ts';
import { workloadOf } from './workload.ts';

async function openGpu(): Promise<Device> {
  const device = await openWebgpu(browserHost());
  if (typeof device === 'string') throw new Error(`This browser has no WebGPU: ${device}.`);
  return device;
}

async function contest(id: string, options: Contest): Promise<ContestRow[]> {
  const mnist = await loadDataset('mnist', async (path) => {
    const response = await fetch(`/${path}`);
    if (!response.ok || !response.body) throw new Error(`${path}: ${response.status}`);
    return response.body;
  });
  return holdContest(workloadOf(id), mnist, [...ours(openGpu), ...jax, ...tfjs], options);
}

Object.assign(globalThis, {
  contest,
  async timeKernels(turns: number): Promise<KernelRow[]> {
    const device = await openGpu();
    const rows = await timeKernels(device, turns);
    device.destroy();
    return rows;
  },
});
