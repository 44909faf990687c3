import { expect, test } from 'vitest';
import type { Dataset } from '../data/dataset.ts';
import { defaultsFor } from '../model/fields.ts';
import { cpuDevice } from './cpu.ts';
import { Trainer } from './trainer.ts';

/** As many classes and numbers an image as MNIST has, and a few images. */
function fewImages(count: number): Dataset {
  const images = Uint8Array.from({ length: count * 784 }, (_, i) => (i * 31) % 256);
  const split = { count, images, labels: Uint8Array.from({ length: count }, (_, i) => i % 10) };
  const shape = { height: 28, width: 28, channels: 1 };
  return { id: 'few', name: 'few', shape, classes: 10, mean: [0.5], std: [0.5], train: split, test: split };
}

test('all test images count once, also where they do not fill the last batch', async () => {
  // Two batches of 1251.
  const dataset = fewImages(2501);
  const trainer = new Trainer({ ...defaultsFor('bp'), layers: [] }, dataset);
  await trainer.prepare(cpuDevice('float64'));
  const [first, again] = [await trainer.test(), await trainer.test()];
  expect(again).toEqual(first);
  // The same images as one training batch, which they fill exactly, give the same loss.
  const whole = new Trainer({ ...defaultsFor('bp'), layers: [], batch: 2501 }, dataset, { shuffle: false });
  await whole.prepare(cpuDevice('float64'));
  const [score] = await whole.train(1);
  expect(first.loss[0]).toBeCloseTo(score.loss[0], 10);
  expect(first.accuracy[0]).toBeCloseTo(score.accuracy[0], 10);
});

test('a test that nobody waits for ends after the batch under way, and leaves nothing behind', async () => {
  const trainer = new Trainer({ ...defaultsFor('bp'), layers: [] }, fewImages(5100));
  await trainer.prepare(cpuDevice('float64'));
  const whole = await trainer.test();
  let asked = 0;
  expect(await trainer.test(() => asked++ === 1)).toBeNull();
  expect(asked).toBe(2);
  expect(await trainer.test()).toEqual(whole);
});
