import { isKnownId, knownDatasets, type KnownId } from '../model/datasets.ts';
import type { Shape } from '../model/shape.ts';

/** Less than one byte of a gigabyte makes, and more than rounding does. */
const smallest = 1e-10;

/**
 * Per-channel mean and standard deviation of byte images [..., channels], as values in [0, 1]. A channel that never varies
 * carries nothing to scale: its deviation is 1.
 */
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
    const variance = squares / n - (sum / n) ** 2;
    std.push(variance > smallest ? Math.sqrt(variance) / 255 : 1);
  }
  return { mean, std };
}

/**
 * Which known set images with this shape and these statistics are from. MNIST and its look-alikes share shapes and file
 * names but differ by 0.04 and more in the mean; a subset of some hundred images stays well within half of that.
 */
export function recognise(shape: Shape, mean: readonly number[], std: readonly number[]): KnownId | undefined {
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
