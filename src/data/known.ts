import type { Dataset, ImageShape } from './dataset.ts';

/** What is known beforehand about a data set. */
export interface DatasetMeta extends Pick<Dataset, 'name' | 'shape' | 'classes' | 'mean' | 'std'> {
  licence: string;
}

/** The data sets that come with their own normalisation: the customary per-channel figures of their training images. */
export const knownDatasets = {
  mnist: {
    name: 'MNIST',
    licence: 'CC BY-SA 3.0, Yann LeCun and Corinna Cortes',
    shape: { height: 28, width: 28, channels: 1 },
    classes: 10,
    mean: [0.1307],
    std: [0.3081],
  },
  'fashion-mnist': {
    name: 'Fashion-MNIST',
    licence: 'MIT, Zalando SE',
    shape: { height: 28, width: 28, channels: 1 },
    classes: 10,
    mean: [0.286],
    std: [0.353],
  },
  'cifar-10': {
    name: 'CIFAR-10',
    licence: 'none stated; cite Krizhevsky, “Learning Multiple Layers of Features from Tiny Images”, 2009',
    shape: { height: 32, width: 32, channels: 3 },
    classes: 10,
    mean: [0.4914, 0.4821, 0.4465],
    std: [0.247, 0.2435, 0.2616],
  },
} satisfies Record<string, DatasetMeta>;

export type KnownId = keyof typeof knownDatasets;

export function isKnownId(id: string): id is KnownId {
  return Object.hasOwn(knownDatasets, id);
}

/** Per-channel mean and standard deviation of byte images [..., channels], as values in [0, 1]. */
export function measure(images: Uint8Array, channels: number): { mean: number[]; std: number[] } {
  const mean: number[] = [];
  const std: number[] = [];
  for (let channel = 0; channel < channels; channel++) {
    let sum = 0;
    let squares = 0;
    for (let i = channel; i < images.length; i += channels) {
      const value = images[i];
      sum += value;
      squares += value * value;
    }
    const n = images.length / channels;
    mean.push(sum / n / 255);
    std.push(Math.sqrt(squares / n - (sum / n) ** 2) / 255);
  }
  return { mean, std };
}

/**
 * Which known set images with this shape and these statistics are from. MNIST and its look-alikes share shapes and file
 * names but differ by 0.04 and more in the mean; a subset of some hundred images stays well within half of that.
 */
export function recognise(shape: ImageShape, mean: readonly number[], std: readonly number[]): KnownId | undefined {
  const near = (a: readonly number[], b: readonly number[]): boolean =>
    a.length === b.length && a.every((value, i) => Math.abs(value - b[i]) < 0.02);
  return Object.keys(knownDatasets)
    .filter(isKnownId)
    .find((id) => {
      const known = knownDatasets[id];
      return (
        known.shape.height === shape.height &&
        known.shape.width === shape.width &&
        near(known.mean, mean) &&
        near(known.std, std)
      );
    });
}
