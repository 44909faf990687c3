import type { Dataset } from '../src/data/dataset.ts';
import type { Device } from '../src/gpu/device.ts';
import { Trainer } from '../src/gpu/trainer.ts';
import { stepsOfTurn, timeTurn, type Timed } from './contest.ts';
import { trainOn } from './ours.ts';
import { workloadOf } from './workload.ts';

/** What came of a number of networks in one program. */
export interface ReplicaRow {
  readonly replicas: number;
  /** Milliseconds a step of all of them, one number a turn. */
  readonly times: readonly number[];
}

/** What a rule takes beside its steps; milliseconds, one number a turn. */
export interface CostRow {
  readonly rule: string;
  readonly launches: number;
  /** From an open device and data in memory to the end of the first step. */
  readonly start: number;
  readonly step: readonly number[];
  readonly align: readonly number[];
  readonly test: readonly number[];
}

/** Milliseconds of a turn. */
const turn = 300;

/** Steps of several networks at once, in turns with those of one. */
export async function timeReplicas(device: Device, mnist: Dataset, turns: number): Promise<ReplicaRow[]> {
  const { experiment } = workloadOf('mlp-bp');
  const entries: { trainer: Trainer; steps: number; replicas: number; times: number[] }[] = [];
  for (const replicas of [1, 2, 5, 16]) {
    const trainer = new Trainer({ ...experiment, replicas }, mnist);
    await trainer.prepare(device);
    entries.push({ trainer, steps: await stepsOfTurn(stepsOf(trainer), turn), replicas, times: [] });
  }
  for (let i = 0; i < turns; i++)
    for (const { trainer, steps, times } of entries) times.push(await timeTurn(stepsOf(trainer), steps));
  for (const { trainer } of entries) trainer.dispose();
  return entries.map(({ replicas, times }) => ({ replicas, times }));
}

/** Start-up, steps, angles and tests of three rules on the whole of MNIST. */
export async function timeCosts(device: Device, mnist: Dataset, turns: number): Promise<CostRow[]> {
  const rows: CostRow[] = [];
  for (const id of ['mlp-bp', 'mlp-pfa', 'mlp-pfa-factored']) {
    const { experiment } = workloadOf(id);
    const began = performance.now();
    const trainer = new Trainer(experiment, mnist, { extrapolate: true });
    await trainer.prepare(device);
    await trainer.train(1);
    const start = performance.now() - began;
    const clocks = {
      step: [
        (steps: number) => timeTurn(stepsOf(trainer), steps),
        await stepsOfTurn(stepsOf(trainer), turn),
        [] as number[],
      ],
      align: await clockOf(() => trainer.align()),
      test: await clockOf(() => trainer.test()),
    } as const;
    for (let i = 0; i < turns; i++) for (const [time, times, all] of Object.values(clocks)) all.push(await time(times));
    const { step, align, test } = clocks;
    rows.push({
      rule: experiment.rule,
      launches: trainer.launches,
      start,
      step: step[2],
      align: align[2],
      test: test[2],
    });
    trainer.dispose();
  }
  return rows;
}

/** The steps of a trainer, to be timed. */
const stepsOf = (trainer: Trainer): Timed => ({ train: (steps) => trainOn(trainer, steps) });

type Clock = readonly [time: (times: number) => Promise<number>, times: number, all: number[]];

/** A clock for what is done and answered one by one, as in a training that looks on. The first time, which compiles, does not count. */
async function clockOf(act: () => Promise<unknown>): Promise<Clock> {
  await act();
  const train = async (times: number): Promise<void> => {
    for (let i = 0; i < times; i++) await act();
  };
  return [(times) => timeTurn({ train }, times), await stepsOfTurn({ train }, turn), []];
}
