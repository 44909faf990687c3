import { expect, test } from 'vitest';
import type { Dataset } from '../data/dataset.ts';
import { defaultsFor } from '../model/fields.ts';
import { parseNetwork } from '../model/network.ts';
import { cpuDevice } from './cpu.ts';
import { heritage } from './heritage.ts';
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

test('who goes on under another rule takes over what starts by the same law there, and no more', async () => {
  const network = { layers: parseNetwork('12'), expansion: 1 } as const;
  const trainer = async (rule: string): Promise<Trainer> => {
    const made = new Trainer({ ...defaultsFor(rule), ...network }, fewImages(64));
    await made.prepare(cpuDevice('float64'));
    return made;
  };
  const pfa = await trainer('pfa');
  await pfa.train(1);
  const present = await pfa.snapshot();
  const pfao = await trainer('pfao');
  pfao.restore(heritage(present, pfa.network, pfao.network));
  await pfao.sparsify();
  const taken = await pfao.snapshot();
  for (const name of ['layers.0.weight', 'layers.0.weight.velocity', 'layers.1.R'])
    expect(taken.get(name), name).toEqual(present.get(name));
  // B of PFA-o is orthogonal, whatever came before.
  const B = taken.get('layers.1.B') ?? [];
  for (let row = 0; row < 10; row++)
    for (let other = 0; other <= row; other++) {
      let product = 0;
      for (let i = 0; i < 10; i++) product += B[row * 10 + i] * B[other * 10 + i];
      expect(product).toBeCloseTo(Number(row === other), 6);
    }
});
