import type { Dataset } from '../data/dataset.ts';
import type { Trainer } from '../gpu/trainer.ts';
import { sizeOf } from '../model/shape.ts';
import type { Answers } from './protocol.ts';

/** What a trainer's first network said to the first test images at the last test; null before that. */
export function answersOf({ answers, dataset }: Trainer): Answers | null {
  if (answers === null) return null;
  const { step, logits } = answers;
  const { classes, shape, test } = dataset;
  const rows = Array.from({ length: logits.length / classes }, (_, i) => {
    return softmax([...logits.subarray(i * classes, (i + 1) * classes)]);
  });
  const named = rows.map((row) => row.indexOf(Math.max(...row)));
  return {
    step,
    shape,
    pixels: pixelsOf(dataset, rows.length),
    labels: [...test.labels.subarray(0, rows.length)],
    named,
    sure: rows.map((row, i) => row[named[i]]),
  };
}

function softmax(logits: readonly number[]): number[] {
  const top = Math.max(...logits);
  const powers = logits.map((logit) => Math.exp(logit - top));
  const sum = powers.reduce((total, power) => total + power, 0);
  return powers.map((power) => power / sum);
}

/** The first `count` test images as a canvas takes them: three channels in colour, others by the first. Floats from dark to bright. */
function pixelsOf({ shape, test }: Dataset, count: number): Uint8ClampedArray<ArrayBuffer> {
  const { channels } = shape;
  const images = test.images.subarray(0, count * sizeOf(shape));
  const [low, high] =
    images instanceof Uint8Array
      ? [0, 255]
      : images.reduce(([least, most], value) => [Math.min(least, value), Math.max(most, value)], [Infinity, -Infinity]);
  const pixels = new Uint8ClampedArray((images.length / channels) * 4).fill(255);
  for (let i = 0; i < images.length / channels; i++)
    for (let channel = 0; channel < 3; channel++) {
      const value = images[i * channels + (channels === 3 ? channel : 0)];
      pixels[4 * i + channel] = (255 * (value - low)) / (high - low || 1);
    }
  return pixels;
}
