import { cpuDevice } from '../src/gpu/cpu.ts';
import type { Device } from '../src/gpu/device.ts';
import type { Score } from '../src/gpu/score-ring.ts';
import { Trainer } from '../src/gpu/trainer.ts';
import type { Contestant } from './workload.ts';

/** Trains so many steps, as far at once as the schedules allow. */
export async function trainOn(trainer: Trainer, steps: number): Promise<Score[]> {
  const scores: Score[] = [];
  while (scores.length < steps)
    scores.push(...(await trainer.train(Math.min(steps - scores.length, trainer.boundary - trainer.step))));
  return scores;
}

const contestant = (name: string, open: () => Promise<Device>): Contestant => ({
  name,
  async prepare({ experiment }, { dataset, parameters }) {
    const trainer = new Trainer(experiment, dataset, { shuffle: false });
    const device = await open();
    await trainer.prepare(device);
    trainer.restore(parameters);
    return {
      train: async (steps) => (await trainOn(trainer, steps)).map(({ loss }) => loss[0]),
      dispose: () => device.destroy(),
    };
  },
});

/** The page's engine as it is. */
export const ours = (openGpu: () => Promise<Device>): readonly Contestant[] => [
  contestant('ours webgpu', openGpu),
  contestant('ours cpu', async () => cpuDevice()),
];
