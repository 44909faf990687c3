import { cpuDevice } from '../src/gpu/cpu.ts';
import type { Device } from '../src/gpu/device.ts';
import { Trainer } from '../src/gpu/trainer.ts';
import type { Contestant } from './workload.ts';

const contestant = (name: string, open: () => Promise<Device>): Contestant => ({
  name,
  async prepare({ experiment }, { dataset, parameters }) {
    const trainer = new Trainer(experiment, dataset, { shuffle: false });
    const device = await open();
    await trainer.prepare(device);
    trainer.restore(parameters);
    return {
      train: async (steps) => (await trainer.train(steps)).map(({ loss }) => loss[0]),
      dispose: () => device.destroy(),
    };
  },
});

/** The page's engine as it is. */
export const ours = (openGpu: () => Promise<Device>): readonly Contestant[] => [
  contestant('ours webgpu', openGpu),
  contestant('ours cpu', async () => cpuDevice()),
];
