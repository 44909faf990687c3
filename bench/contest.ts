import type { Dataset } from '../src/data/dataset.ts';
import { startOf, type Contestant, type Run, type Workload } from './workload.ts';

/** How a contest is held. */
export interface Contest {
  /** Turns of each contestant. */
  readonly rounds: number;
  /** About how long a turn takes, in milliseconds. */
  readonly turn: number;
  /** Names of those who take part; all of them if left out. */
  readonly only?: readonly string[];
}

/** What came of one contestant. */
export interface ContestRow {
  readonly name: string;
  /** Steps of a turn. */
  steps: number;
  /** Milliseconds a step, one number a turn. */
  readonly times: number[];
  /** Milliseconds from nothing to the end of the first step. */
  start: number;
  /** The loss at the last checked step. */
  loss: number;
  /** Why it does not take part. */
  problem: string | null;
}

/** Steps whose losses have to agree, and how well: float32 sums in other orders drift apart slowly. */
const checked = 8;
const agreement = 2e-3;
/** Milliseconds of a step from which on three turns are enough. */
const slow = 1500;

/** Runs one workload: everybody once to warm up and to check against the first, then in turns. */
export async function holdContest(
  workload: Workload,
  mnist: Dataset,
  contestants: readonly Contestant[],
  { rounds, turn, only }: Contest,
): Promise<ContestRow[]> {
  const start = await startOf(workload, mnist);
  const entries: { row: ContestRow; run: Run | null }[] = [];
  let reference: ArrayLike<number> | null = null;
  for (const contestant of contestants) {
    const { name } = contestant;
    if (only && !only.includes(name)) continue;
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
      row.steps = await stepsOfTurn(run, turn);
      entry.run = run;
    } catch (error) {
      row.problem = error instanceof Error ? error.message : String(error);
    }
    console.log(`${name}: ${row.problem ?? `${row.steps} steps a turn`}`);
  }
  for (let round = 0; round < rounds; round++)
    for (const { row, run } of entries) {
      // The slow ones have shown what they need by then.
      if (!run || (round >= 3 && row.times[0] > slow)) continue;
      row.times.push(await timeTurn(run, row.steps));
    }
  for (const { run } of entries) run?.dispose();
  return entries.map(({ row }) => row);
}

/** What can be timed: it does so many steps and waits for them. */
export interface Timed {
  train(steps: number): Promise<unknown>;
}

/** How many steps take about `turn` milliseconds: a first few are timed together, as a fast device shows nothing in one. */
export async function stepsOfTurn(run: Timed, turn: number): Promise<number> {
  let steps = 1;
  for (;;) {
    const milliseconds = await timeTurn(run, steps);
    const enough = Math.max(1, Math.round(turn / milliseconds));
    if (steps * milliseconds >= turn / 10 || enough <= steps) return enough;
    steps *= 4;
  }
}

/** Milliseconds a step, in a turn of `steps`. */
export async function timeTurn(run: Timed, steps: number): Promise<number> {
  const began = performance.now();
  await run.train(steps);
  return (performance.now() - began) / steps;
}
