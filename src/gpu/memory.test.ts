import { expect, test } from 'vitest';
import type { Dataset, Split } from '../data/dataset.ts';
import { knownDatasets } from '../model/datasets.ts';
import { defaultsFor } from '../model/fields.ts';
import { networkPresets, withPreset } from '../model/presets.ts';
import { sizeOf, type Shape } from '../model/shape.ts';
import { Trainer } from './trainer.ts';

const black = (shape: Shape, count: number): Split => ({
  count,
  images: new Uint8Array(count * sizeOf(shape)),
  labels: new Uint8Array(count),
});

/** As large as CIFAR-10, and black. */
function blackCifar(): Dataset {
  const { shape, classes, name, mean, std } = knownDatasets['cifar-10'];
  return { id: 'cifar-10', name, shape, classes, mean, std, train: black(shape, 50_000), test: black(shape, 10_000) };
}

const resnet = networkPresets.filter(({ id }) => id === 'resnet-20' || id === 'resnet-18');
const mebibyte = 2 ** 20;

test.each(resnet)('PFA at expansion 10 on $name, full width, batch 128 and all of CIFAR-10, fits', (preset) => {
  const experiment = { ...withPreset(defaultsFor('pfa'), preset), expansion: 10 };
  const trainer = new Trainer(experiment, blackCifar(), { extrapolate: true });
  expect(trainer.experiment.batch).toBe(128);
  expect(trainer.bytes).toBeLessThan(2048 * mebibyte);
  // What every WebGPU adapter can bind.
  expect(trainer.largestBytes).toBeLessThanOrEqual(128 * mebibyte);
  // The images alone, and ē of the largest layer; anything less would not be counted.
  expect(trainer.bytes).toBeGreaterThan(60_000 * 3072 + 4 * 128 * 32 * 32 * 160);
});

test('large images of one’s own are tested in batches that every adapter can bind', () => {
  const shape = { height: 128, width: 128, channels: 3 };
  const images = { train: black(shape, 100), test: black(shape, 2500) };
  const dataset = { ...blackCifar(), id: 'own', shape, ...images };
  expect(new Trainer(defaultsFor('bp'), dataset).largestBytes).toBeLessThanOrEqual(128 * mebibyte);
});
