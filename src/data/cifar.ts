import { knownDatasets } from '../model/datasets.ts';
import { type Bytes, concat, count, FileFault } from './bytes.ts';
import type { Dataset, Split } from './dataset.ts';

// A record of the binary version (cs.toronto.edu/~kriz/cifar.html): the label, then the red, green and blue planes.
const pixels = 32 * 32;
const channels = 3;
const record = 1 + channels * pixels;
const { classes } = knownDatasets['cifar-10'];

const trainFiles = [1, 2, 3, 4, 5].map((batch) => `data_batch_${batch}.bin`);
const testFile = 'test_batch.bin';

/** The names of the six official files of the binary version. */
export const cifarFiles: readonly string[] = [...trainFiles, testFile];

/** CIFAR-10 from the contents of its six files by name, as they come or out of the archive. */
export function parseCifar(files: ReadonlyMap<string, Bytes>): Dataset {
  const missing = cifarFiles.filter((name) => !files.has(name));
  if (missing.length > 0) {
    throw new FileFault(
      'missing',
      `CIFAR-10 lacks ${missing.join(', ')}. Take cifar-10-binary.tar.gz (the “binary version”) or all six .bin files of it.`,
    );
  }
  const read = (name: string) => parseRecords(name, files.get(name) ?? new Uint8Array());
  const batches = trainFiles.map(read);
  const { name, shape, mean, std } = knownDatasets['cifar-10'];
  return {
    id: 'cifar-10',
    name,
    shape,
    classes,
    mean,
    std,
    train: {
      count: batches.reduce((sum, batch) => sum + batch.count, 0),
      images: concat(batches.map((batch) => batch.images)),
      labels: concat(batches.map((batch) => batch.labels)),
    },
    test: read(testFile),
  };
}

/** The images of one file, from planes [3, 32, 32] to pixels [32, 32, 3], and their labels. */
export function parseRecords(name: string, bytes: Bytes): Split & { images: Bytes } {
  const n = bytes.length / record;
  if (n === 0 || !Number.isInteger(n)) {
    throw new FileFault(
      'malformed',
      `${name} has ${count(bytes.length)} bytes, which is not a whole number of CIFAR-10 records of ${count(record)} bytes. ` +
        `Take the “binary version” of CIFAR-10, and download or copy the file again.`,
      bytes.length,
    );
  }
  const images = new Uint8Array(n * channels * pixels);
  const labels = new Uint8Array(n);
  for (let image = 0; image < n; image++) {
    const start = image * record;
    const label = bytes[start];
    if (label >= classes) {
      throw new FileFault(
        'malformed',
        `Record ${count(image)} of ${name} has the label ${label}, but CIFAR-10 has the classes 0 to ${classes - 1}. ` +
          `Take the “binary version” of CIFAR-10, and download or copy the file again.`,
        start,
      );
    }
    labels[image] = label;
    for (let channel = 0; channel < channels; channel++) {
      const plane = start + 1 + channel * pixels;
      const out = image * channels * pixels + channel;
      for (let pixel = 0; pixel < pixels; pixel++) images[out + channels * pixel] = bytes[plane + pixel];
    }
  }
  return { count: n, images, labels };
}
