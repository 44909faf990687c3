import type { Dataset } from '../src/data/dataset.ts';
import { cpuDevice } from '../src/gpu/cpu.ts';
import type { Numbers } from '../src/gpu/tensor.ts';
import { Trainer } from '../src/gpu/trainer.ts';
import type { Experiment } from '../src/model/experiment.ts';
import { defaultsFor } from '../src/model/fields.ts';
import { parseNetwork } from '../src/model/network.ts';

/** What every contestant does: one training step, of this network, under this rule. */
export interface Workload {
  readonly id: string;
  readonly experiment: Experiment;
  /** Floating-point operations of the products of one step of ours, a multiply-add counted as two. */
  readonly flops: number;
}

const common = { batch: 64, rate: 0.01, rateDrops: [], momentum: 0.9, decay: 1e-4, earlyDecay: 1e-4, seed: 1 };

const product = (...sizes: number[]): number => sizes.reduce((all, size) => all * size, 2 * common.batch);
const mlp = product(784, 512) + product(512, 512) + product(512, 10);
const cnn = product(28 * 28, 9, 16) + product(14 * 14, 144, 32) + product(14 * 14 * 32, 10);

const workloads: readonly Workload[] = [
  {
    id: 'mlp-bp',
    experiment: { ...defaultsFor('bp'), ...common, layers: parseNetwork('512-512') },
    flops: 3 * mlp - product(784, 512),
  },
  {
    id: 'mlp-pfa',
    experiment: { ...defaultsFor('pfa'), ...common, layers: parseNetwork('512-512'), expansion: 10 },
    // Forward and weight gradients; ē of every layer; pullbacks of all but the first; updates of R.
    flops: 2 * mlp + product(5120, 512) * 2 + product(100, 10) + (mlp - product(784, 512)) * 10 + mlp * 10,
  },
  {
    id: 'mlp-pfa-factored',
    experiment: { ...defaultsFor('pfaf'), ...common, layers: parseNetwork('512-512'), expansion: 10 },
    // Forward and weight gradients; G e; the ways back through W and through D.
    flops: 2 * mlp + product(512, 512) + product(10, 10) + 2 * (mlp - product(784, 512)),
  },
  {
    id: 'cnn-bp',
    experiment: { ...defaultsFor('bp'), ...common, layers: parseNetwork('c16k3-c32k3s2') },
    flops: 3 * cnn - product(28 * 28, 9, 16),
  },
];

/** The workload `id`. Throws where there is none. */
export function workloadOf(id: string): Workload {
  const workload = workloads.find((candidate) => candidate.id === id);
  if (workload) return workload;
  throw new Error(`There is no workload ${id}; there are ${workloads.map((each) => each.id).join(', ')}.`);
}

/** Batches that lie ready on the device; training goes through them in order, over and over. */
export const batches = 50;

/** What the contestants share: the first images of MNIST, and the parameters that every one of them starts from. */
export interface Start {
  readonly dataset: Dataset;
  /** By our names, in our layout: layers.0.weight is [inputs + 1][outputs] with the bias behind, and so on. */
  readonly parameters: ReadonlyMap<string, Numbers>;
}

/** Cuts the data set and draws the parameters. */
export async function startOf({ experiment }: Workload, mnist: Dataset): Promise<Start> {
  const count = batches * experiment.batch;
  const size = mnist.shape.height * mnist.shape.width;
  const train = {
    count,
    images: mnist.train.images.slice(0, count * size),
    labels: mnist.train.labels.slice(0, count),
  };
  const dataset = { ...mnist, train, test: train };
  const trainer = new Trainer(experiment, dataset, { shuffle: false });
  const device = cpuDevice();
  await trainer.prepare(device);
  const parameters = await trainer.snapshot();
  device.destroy();
  return { dataset, parameters };
}

/** The images of batch `index` as the network sees them, and their labels. */
export function batchOf(
  { dataset }: Start,
  size: number,
  index: number,
): { x: Float32Array<ArrayBuffer>; y: Uint8Array } {
  const { train, mean, std, shape } = dataset;
  const length = shape.height * shape.width * shape.channels;
  const bytes = train.images.subarray(index * size * length, (index + 1) * size * length);
  return {
    x: Float32Array.from(bytes, (byte) => (byte / 255 - mean[0]) / std[0]),
    y: train.labels.slice(index * size, (index + 1) * size),
  };
}

/** Someone who trains the workload. */
export interface Contestant {
  readonly name: string;
  /** Builds everything; training may start right away. */
  prepare(workload: Workload, start: Start): Promise<Run>;
}

/** A prepared training. */
export interface Run {
  /** Trains `steps` steps and waits for them; the loss of each. */
  train(steps: number): Promise<ArrayLike<number>>;
  dispose(): void;
}
