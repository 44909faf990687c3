import type { Bytes } from '../data/bytes.ts';
import type { Dataset, Split } from '../data/dataset.ts';
import { writeSafetensors, type Tensor } from '../data/safetensors.ts';
import type { Experiment } from '../model/experiment.ts';
import { defaultsFor } from '../model/fields.ts';
import { parseNetwork } from '../model/network.ts';
import { readCheckpoint, type Checkpoint } from './checkpoint.ts';
import { presentState, resume, writeCheckpoint } from './checkpoint-state.ts';
import type { Device } from './device.ts';
import type { Numbers } from './tensor.ts';
import { Trainer } from './trainer.ts';

/** The name of a checkpoint's file. */
export const file = 'run.safetensors';

/** What is read of a file with these tensors, and the metadata of a run only if they are given. */
export const checkpointOf = (tensors: Map<string, Tensor>, metadata = new Map<string, string>()): Checkpoint =>
  readCheckpoint(file, writeSafetensors({ tensors, metadata }));

/** 40 images of 4 × 4 bytes in three classes that can be told apart, and 12 to test with. */
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

/** A prepared trainer of experiments on the tiny data set. */
export async function tinyTrainer(
  experiment: Experiment | readonly Experiment[],
  device: Device,
  shuffle = true,
): Promise<Trainer> {
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
  const checkpoint = readCheckpoint(file, await writeCheckpoint(straight));
  await straight.train(2);
  await straight.train(2);

  const resumed = await tinyTrainer(checkpoint.run?.experiment ?? experiment, device);
  await resume(resumed, checkpoint);
  await resumed.warmUp();
  await resumed.train(2);
  await resumed.train(2);
  return [await straight.snapshot(), await resumed.snapshot()];
}

/**
 * The checkpoints after seven steps of experiments with the tiny one's schedule of five steps an epoch: each trained
 * alone, and all together, where each stops after three steps and goes on in another trainer.
 */
export async function aloneAndTogether(
  experiments: readonly Experiment[],
  device: Device,
): Promise<[alone: Bytes[], together: Bytes[]]> {
  const alone: Bytes[] = [];
  for (const experiment of experiments) {
    const trainer = await tinyTrainer(experiment, device);
    await trainer.warmUp();
    await trainTo(trainer, 7);
    alone.push(await writeCheckpoint(trainer));
    trainer.dispose();
  }
  const first = await tinyTrainer(experiments, device);
  await first.warmUp();
  await trainTo(first, 3);
  const saved = await checkpointsOf(first);
  first.dispose();
  const together = await tinyTrainer(experiments, device);
  for (const [i, run] of together.runs.entries()) await resume(together, readCheckpoint(file, saved[i]), run);
  await together.warmUp();
  await trainTo(together, 7);
  return [alone, await checkpointsOf(together)];
}

/** Trains up to step `end`, as far at once as the schedules allow. */
async function trainTo(trainer: Trainer, end: number): Promise<void> {
  while (trainer.step < end) await trainer.train(Math.min(end, trainer.boundary) - trainer.step);
}

async function checkpointsOf(trainer: Trainer): Promise<Bytes[]> {
  const present = await presentState(trainer);
  return Promise.all(trainer.runs.map((run) => writeCheckpoint(trainer, { run, present })));
}

/** Changes of the tiny experiment that one program can train together. */
export const differing: readonly Partial<Experiment>[] = [
  { replicas: 1 },
  { replicas: 1, rate: 0.05, momentum: 0.5, earlyEpochs: 0.4, earlyDecay: 0.1 },
  { replicas: 2, seed: 9, decay: 0.01, sparsity: 0.5 },
  { replicas: 1, rate: 0.2, rateDrops: [1], rateFactor: 0.1, sparsity: 0.9 },
];
