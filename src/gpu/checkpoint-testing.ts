import type { Dataset, Split } from '../data/dataset.ts';
import type { Experiment } from '../model/experiment.ts';
import { defaultsFor } from '../model/fields.ts';
import { parseNetwork } from '../model/network.ts';
import { readCheckpoint, resume, writeCheckpoint } from './checkpoint.ts';
import type { Device } from './device.ts';
import type { Numbers } from './tensor.ts';
import { Trainer } from './trainer.ts';

/** Support for tests. 40 images of 4 × 4 bytes in three classes that can be told apart, and 12 to test with. */
export function tinyDataset(): Dataset {
  const split = (count: number): Split => ({
    count,
    images: Uint8Array.from({ length: count * 16 }, (_, i) => ((i * 37) % 64) + 90 * (Math.floor(i / 16) % 3)),
    labels: Uint8Array.from({ length: count }, (_, i) => i % 3),
  });
  return {
    id: 'tiny',
    name: 'Tiny',
    shape: { height: 4, width: 4, channels: 1 },
    classes: 3,
    mean: [0.4],
    std: [0.3],
    train: split(40),
    test: split(12),
  };
}

/** A network of two layers in two replicas, five steps an epoch. */
export const tinyExperiment = (rule: string, changes: Partial<Experiment> = {}): Experiment => ({
  ...defaultsFor(rule),
  layers: parseNetwork('6'),
  expansion: 2,
  batch: 8,
  epochs: 3,
  mirrorBatch: 8,
  mirrorSteps: 12,
  replicas: 2,
  ...changes,
});

/** A prepared trainer of an experiment on the tiny data set. */
export async function tinyTrainer(experiment: Experiment, device: Device, shuffle = true): Promise<Trainer> {
  const trainer = new Trainer(experiment, tinyDataset(), { shuffle });
  await trainer.prepare(device);
  return trainer;
}

/** A run's state after seven steps: straight, and with a checkpoint after three from which another trainer goes on. */
export async function straightAndResumed(
  experiment: Experiment,
  device: Device,
): Promise<[straight: Map<string, Numbers>, resumed: Map<string, Numbers>]> {
  const straight = await tinyTrainer(experiment, device);
  await straight.warmUp();
  await straight.train(3);
  const checkpoint = readCheckpoint('run.safetensors', await writeCheckpoint(straight));
  await straight.train(2);
  await straight.train(2);

  const resumed = await tinyTrainer(checkpoint.run?.experiment ?? experiment, device);
  resume(resumed, checkpoint);
  await resumed.warmUp();
  await resumed.train(2);
  await resumed.train(2);
  return [await straight.snapshot(), await resumed.snapshot()];
}
