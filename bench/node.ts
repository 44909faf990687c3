/**
 * `npm run bench:node`: ours on Node and Dawn against jax-js on the same Dawn, and against PyTorch where a Python has it, in
 * turns; then kernels beside the machine's ceiling, replicas, and what is done beside the steps. Tables to the terminal and
 * to bench/results/. `npm run bench:node -- --rounds 9 --only "ours webgpu" mlp-bp` narrows it down.
 */
import { readFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { create } from 'webgpu';
import { closeDevice, openDevice } from '../src/headless/device.ts';
import { loadImages } from '../src/headless/images.ts';
import { holdContest } from './contest.ts';
import { timeCosts, timeReplicas } from './costs.ts';
import { timeKernels } from './kernels.ts';
import { ours } from './ours.ts';
import { findTorch, pytorch } from './pytorch.ts';
import { report } from './report.ts';
import { contestTable, costTable, kernelTable, replicaTable, type Result } from './table.ts';
import { workloadOf } from './workload.ts';
import { workloadNames } from './workload-names.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    rounds: { type: 'string', default: '7' },
    turn: { type: 'string', default: '500' },
    only: { type: 'string' },
  },
});
const ids = positionals.length > 0 ? positionals : Object.keys(workloadNames);
const options = {
  rounds: Number(values.rounds),
  turn: Number(values.turn),
  ...(values.only === undefined ? {} : { only: values.only.split(',') }),
};

/** Enough for everything here to be bound. */
const openGpu = () => openDevice('webgpu', 2 ** 27);
const mnist = await loadImages('mnist', undefined);
const device = await openGpu();
// jax-js looks for WebGPU where a page has it; openDevice has found the driver by now.
Object.defineProperty(globalThis, 'navigator', { value: { gpu: create([]), userAgent: 'Node.js', platform: '' } });
const { jax } = await import('./jax.ts');

const torch = findTorch();
const contestants = [...ours(openGpu), ...jax, ...(torch === null ? [] : pytorch(torch))];
const results: Result[] = [];
for (const id of ids) {
  console.log(id);
  results.push({ id, rows: await holdContest(workloadOf(id), mnist, contestants, options) });
}
console.log('kernels, replicas, costs');
const kernels = await timeKernels(device, options.rounds);
const replicas = await timeReplicas(device, mnist, options.rounds);
const costs = await timeCosts(device, mnist, options.rounds);
const versions = JSON.parse(readFileSync(new URL('package.json', import.meta.url), 'utf8')) as {
  dependencies: Record<string, string>;
};
report(
  'node',
  'Training steps on Node and Dawn',
  {
    date: new Date().toISOString().slice(0, 10),
    adapter: device.name,
    node: process.version,
    processor: `${cpus().length} × ${cpus()[0]?.model}`,
    '@jax-js/jax': versions.dependencies['@jax-js/jax'] ?? '',
    pytorch: torch === null ? 'none' : `${torch.version}, ${torch.gpu ?? 'cpu'}`,
  },
  [...results.map(contestTable), kernelTable(kernels), replicaTable(replicas), costTable(costs)],
  { options, results, kernels, replicas, costs },
);
closeDevice(device);
process.exit(0);
