import { expect, test } from 'vitest';
import { cifarFiles } from './cifar.ts';
import { datasetFromFiles, isDatasetFile, type NamedFile } from './files.ts';
import { type IdxArray, writeIdx } from './idx.ts';
import { measure } from './known.ts';
import { cifarBatch, deflate, faultOf, tarEntry, tarOf } from './testing.ts';

const images = (n: number): IdxArray => ({
  type: 'u8',
  shape: [n, 2, 3],
  data: Uint8Array.from({ length: n * 6 }, (_, i) => 40 * i),
});
const labels = (...data: number[]): IdxArray => ({ type: 'u8', shape: [data.length], data: Uint8Array.from(data) });
const idx: NamedFile[] = [
  { name: 'train-images-idx3-ubyte', bytes: writeIdx(images(3)) },
  { name: 'train-labels-idx1-ubyte', bytes: writeIdx(labels(0, 4, 1)) },
  { name: 't10k-images-idx3-ubyte', bytes: writeIdx(images(2)) },
  { name: 't10k-labels-idx1-ubyte', bytes: writeIdx(labels(1, 2)) },
];
const cifar: NamedFile[] = cifarFiles.map((name, i) => ({ name, bytes: cifarBatch([i, i]) }));

const zipped = (files: readonly NamedFile[]): Promise<NamedFile[]> =>
  Promise.all(files.map(async ({ name, bytes }) => ({ name: `${name}.gz`, bytes: await deflate(bytes) })));

test('four IDX files, raw or gzip, in any order, are a data set of its own normalisation', async () => {
  const dataset = await datasetFromFiles(idx);
  const { mean, std } = measure(dataset.train.images as Uint8Array, 1);
  expect(dataset).toMatchObject({ id: 'own', classes: 5, mean, std, shape: { height: 2, width: 3, channels: 1 } });
  expect([dataset.train.count, dataset.test.count]).toEqual([3, 2]);
  expect(await datasetFromFiles((await zipped(idx)).toReversed())).toEqual(dataset);
  expect(await datasetFromFiles([...idx, ...(await zipped(idx))])).toEqual(dataset);
});

test('the number of classes can be given', async () => {
  expect((await datasetFromFiles(idx, 10)).classes).toBe(10);
  expect(await faultOf(() => datasetFromFiles(idx, 4))).toMatchObject({ kind: 'inconsistent' });
});

test('floats are left as they are', async () => {
  const float = (n: number): IdxArray => ({ type: 'f32', shape: [n, 2], data: new Float32Array(2 * n).fill(-1.5) });
  const [, trainLabels, , testLabels] = idx;
  const dataset = await datasetFromFiles([
    { name: 'train-images', bytes: writeIdx(float(3)) },
    trainLabels,
    { name: 'test-images', bytes: writeIdx(float(2)) },
    testLabels,
  ]);
  expect(dataset).toMatchObject({ mean: [0], std: [1] });
  expect(dataset.test.images).toEqual(new Float32Array(4).fill(-1.5));
});

test('images with the statistics of MNIST are MNIST, if the labels fit', async () => {
  // A seventh of the pixels are ink, most of them full.
  const ink = [0, 0, 0, 0, 0, 0, 230];
  const image: IdxArray = {
    type: 'u8',
    shape: [1, 28, 28],
    data: Uint8Array.from({ length: 784 }, (_, i) => ink[i % 7]),
  };
  const files = (label: number): NamedFile[] => [
    { name: 'train-images', bytes: writeIdx(image) },
    { name: 'train-labels', bytes: writeIdx(labels(label)) },
    { name: 't10k-images', bytes: writeIdx(image) },
    { name: 't10k-labels', bytes: writeIdx(labels(1)) },
  ];
  expect(await datasetFromFiles(files(3))).toMatchObject({ id: 'mnist', classes: 10, mean: [0.1307], std: [0.3081] });
  expect(await datasetFromFiles(files(25))).toMatchObject({ id: 'own', classes: 26 });
});

test('CIFAR-10 comes as six files or as the archive', async () => {
  const dataset = await datasetFromFiles([...cifar, { name: 'readme.html', bytes: Uint8Array.of(60) }]);
  expect(dataset).toMatchObject({ id: 'cifar-10', train: { count: 10 }, test: { count: 2 } });
  const archive = tarOf([
    tarEntry('cifar-10-batches-bin/', new Uint8Array(), { kind: '5' }),
    ...cifar.map(({ name, bytes }) => tarEntry(`cifar-10-batches-bin/${name}`, bytes)),
  ]);
  for (const bytes of [archive, await deflate(archive)]) {
    expect(await datasetFromFiles([{ name: 'cifar-10-binary.tar.gz', bytes }])).toEqual(dataset);
  }
});

test.each<[string, NamedFile[], string, RegExp]>([
  ['nothing', [], 'missing', /no file of training images/],
  ['one file too few', idx.slice(0, 3), 'missing', /no file of test labels/],
  ['a picture', [{ name: 'cat.png', bytes: Uint8Array.of(0x89, 0x50) }], 'unrecognised', /cat\.png is of no kind/],
  [
    'a part twice',
    [...idx, { ...idx[0], name: 'train-images-2' }],
    'inconsistent',
    /train-images-idx3-ubyte and train-images-2/,
  ],
  ['a name that does not tell', [{ ...idx[0], name: 'images' }], 'unrecognised', /images does not say/],
  ['five of six', cifar.slice(1), 'missing', /lacks data_batch_1\.bin\./],
  ['an archive of something else', [{ name: 'x.tar', bytes: tarOf([]) }], 'unrecognised', /x\.tar is of no kind/],
  [
    'a damaged gzip',
    [{ name: 'train-images.gz', bytes: Uint8Array.of(0x1f, 0x8b, 8, 0) }],
    'malformed',
    /train-images\.gz is not/,
  ],
])('%s: refused with a message', async (_, files, kind, message) => {
  const fault = await faultOf(() => datasetFromFiles(files));
  expect(fault?.kind).toBe(kind);
  expect(fault?.message).toMatch(message);
});

test('in a folder, only the files of data sets are read', () => {
  const names = ['train-images-idx3-ubyte.gz', 't10k-labels.idx1-ubyte', 'test_batch.bin', 'cifar-10-binary.tar.gz'];
  const others = ['README.md', 'batches.meta.txt', 'train.py', 'backup.tar.gz', 'data_batch_6.bin'];
  expect([...names, ...others].filter(isDatasetFile)).toEqual(names);
});
