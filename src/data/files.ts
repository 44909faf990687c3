import { knownDatasets, ownDataset } from '../model/datasets.ts';
import { type Bytes, FileFault } from './bytes.ts';
import { cifarFiles, parseCifar } from './cifar.ts';
import { type Dataset, fromIdx, imageShape, type Part } from './dataset.ts';
import { inflate } from './gzip.ts';
import { type IdxArray, isIdx, parseIdx } from './idx.ts';
import { measure, recognise } from './known.ts';
import { isTar, parseTar } from './tar.ts';

/** A file as a user gives it. */
export interface NamedFile {
  name: string;
  bytes: Bytes;
}

/** What all files together may hold after inflation: MNIST as float64 takes 440 MB, CIFAR-10's archive 184 MB. */
const maxContent = 512 * 2 ** 20;

const accepted =
  'Give the four IDX files of a data set (train-images…, train-labels…, t10k-images…, t10k-labels…; raw or .gz), ' +
  'or cifar-10-binary.tar.gz, or the six .bin files of CIFAR-10.';

/** Whether a file of this name may belong to a data set: to choose among the files of a folder before reading them. */
export function isDatasetFile(name: string): boolean {
  return (
    /(train|t10k|test).*(images|labels)|^cifar.*\.(tar|tar\.gz|tgz)$/i.test(name) || cifarFiles.includes(plain(name))
  );
}

/**
 * The data set that the files make up, recognised by content; names tell only training from test. Images of bytes that are
 * of no known set are normalised by their own mean and standard deviation.
 * @param classes the number of classes of a set that is not a known one; without it the highest label plus one
 * @throws FileFault when the files are not one whole data set
 */
export async function datasetFromFiles(files: readonly NamedFile[], classes?: number): Promise<Dataset> {
  const contents = new Map<string, Bytes>();
  let left = maxContent;
  for (const { name, bytes } of files) {
    const content = await inflate(name, bytes, left);
    left -= content.length;
    contents.set(plain(name), content);
  }
  for (const [name, content] of contents) if (isTar(content)) return parseCifar(parseTar(name, content));
  if (cifarFiles.some((name) => contents.has(name))) return parseCifar(contents);
  return fromArrays(sortByPart(contents), classes);
}

/** The name of a file without the .gz that raw and compressed copies differ by. */
function plain(name: string): string {
  return name.replace(/\.gz$/i, '');
}

const words: Record<Part, string> = {
  trainImages: 'training images',
  trainLabels: 'training labels',
  testImages: 'test images',
  testLabels: 'test labels',
};

/** Which part of a data set each IDX file is: labels have one dimension, and the name says of which split. */
function sortByPart(contents: ReadonlyMap<string, Bytes>): Record<Part, IdxArray> {
  const found = new Map<Part, { name: string; array: IdxArray }>();
  for (const [name, content] of contents) {
    if (!isIdx(content)) throw new FileFault('unrecognised', `${name} is of no kind that can be read. ${accepted}`);
    const array = parseIdx(name, content);
    const part = partOf(name, array);
    const other = found.get(part);
    if (other)
      throw new FileFault('inconsistent', `${other.name} and ${name} both look like ${words[part]}. ${accepted}`);
    found.set(part, { name, array });
  }
  const arrayOf = (part: Part): IdxArray => {
    const entry = found.get(part);
    if (!entry) throw new FileFault('missing', `There is no file of ${words[part]}. ${accepted}`);
    return entry.array;
  };
  return {
    trainImages: arrayOf('trainImages'),
    trainLabels: arrayOf('trainLabels'),
    testImages: arrayOf('testImages'),
    testLabels: arrayOf('testLabels'),
  };
}

function partOf(name: string, { shape }: IdxArray): Part {
  const isLabels = shape.length === 1;
  if (/train/i.test(name)) return isLabels ? 'trainLabels' : 'trainImages';
  if (/t10k|test/i.test(name)) return isLabels ? 'testLabels' : 'testImages';
  throw new FileFault('unrecognised', `${name} does not say whether it is for training or test. ${accepted}`);
}

function fromArrays(arrays: Record<Part, IdxArray>, classes: number | undefined): Dataset {
  const { trainImages, trainLabels, testLabels } = arrays;
  const shape = imageShape(trainImages);
  const seen = 1 + Math.max(highest(trainLabels), highest(testLabels));
  const own = { ...ownDataset, classes: classes ?? seen };
  if (trainImages.type !== 'u8') {
    // Floats are used as they are.
    const mean = Array.from({ length: shape.channels }, () => 0);
    return fromIdx(arrays, { ...own, mean, std: mean.map(() => 1) });
  }
  const { mean, std } = measure(trainImages.data, shape.channels);
  const id = recognise(shape, mean, std);
  if (id !== undefined && seen <= knownDatasets[id].classes) {
    const { name, ...known } = knownDatasets[id];
    return fromIdx(arrays, { id, name, classes: known.classes, mean: known.mean, std: known.std });
  }
  return fromIdx(arrays, { ...own, mean, std });
}

function highest({ data }: IdxArray): number {
  let most = 0;
  for (const value of data) if (value > most) most = value;
  return most;
}
