import { loadDataset } from '../src/data/load.ts';
import type { Contest, ContestRow } from './contest.ts';
import { jax } from './jax.ts';
import { timeKernels } from './kernels.ts';
import { ours } from './ours.ts';
import { tfjs } from './tfjs.ts';
import { startOf, workloads, type Run } from './workload.ts';

const contestants = [...ours, ...jax, ...tfjs];
/** Steps whose losses have to agree, and how well: float32 sums in other orders drift apart slowly. */
const checked = 8;
const agreement = 2e-3;
/** Milliseconds of a step from which on three turns are enough. */
const slow = 1500;

/** Runs one workload: everybody once to warm up and to check, then in turns. */
async function contest(id: string, options: Contest): Promise<ContestRow[]> {
  const workload = workloads.find((candidate) => candidate.id === id);
  if (!workload) throw new Error(`There is no workload ${id}.`);
  const mnist = await loadDataset('mnist', async (path) => {
    const response = await fetch(`/${path}`);
    if (!response.ok || !response.body) throw new Error(`${path}: ${response.status}`);
    return response.body;
  });
  const start = await startOf(workload, mnist);
  const entries: { row: ContestRow; run: Run | null }[] = [];
  let reference: ArrayLike<number> | null = null;
  for (const contestant of contestants) {
    const { name } = contestant;
    if (options.only && !options.only.includes(name)) continue;
    const row: ContestRow = { name, steps: 0, times: [], start: 0, problem: null, loss: NaN };
    const entry: (typeof entries)[number] = { row, run: null };
    entries.push(entry);
    try {
      const began = performance.now();
      const run = await contestant.prepare(workload, start);
      const first = await run.train(1);
      row.start = performance.now() - began;
      const losses = [...Array.from(first), ...Array.from(await run.train(checked - 1))];
      reference ??= losses;
      const apart = Math.max(...losses.map((loss, i) => Math.abs(loss - (reference as ArrayLike<number>)[i])));
      row.loss = losses[checked - 1];
      if (!(apart <= agreement)) throw new Error(`Its losses are ${apart} away from ours: ${losses.join(', ')}`);
      const timed = performance.now();
      await run.train(1);
      row.steps = Math.max(1, Math.min(200, Math.round(options.turn / (performance.now() - timed))));
      entry.run = run;
    } catch (error) {
      row.problem = error instanceof Error ? error.message : String(error);
    }
    console.log(`${name}: ${row.problem ?? `${row.steps} steps a turn`}`);
  }
  for (let round = 0; round < options.rounds; round++)
    for (const { row, run } of entries) {
      // The slow ones have shown what they need by then.
      if (!run || (round >= 3 && row.times[0] > slow)) continue;
      const began = performance.now();
      await run.train(row.steps);
      row.times.push((performance.now() - began) / row.steps);
    }
  for (const { run } of entries) run?.dispose();
  return entries.map(({ row }) => row);
}

Object.assign(globalThis, { contest, timeKernels });
