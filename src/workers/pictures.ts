import { FileFault } from '../data/bytes.ts';
import type { Dataset, Split } from '../data/dataset.ts';
import type { NamedFile } from '../data/files.ts';
import { measure } from '../data/known.ts';
import { ownDataset } from '../model/datasets.ts';

/** Pictures become squares of this side, in colour: the size of CIFAR-10's. */
const side = 32;
/** Of every so many pictures of a class the last one is kept for the test. */
const testEvery = 6;
/** Pictures that are decoded together: a photograph of 12 megapixels takes 48 MB. */
const atOnce = 8;
/** A label is a byte. */
const mostClasses = 256;

/** Whether a file is a picture, by its name's ending. */
export const isPicture = (name: string): boolean => /\.(png|jpe?g|webp|gif|bmp|avif)$/i.test(name);

const { compare } = new Intl.Collator();

const layout = 'Put the pictures of each class into a folder of its own, and choose the folder around them.';

/**
 * A data set of one's own pictures. A picture's class is the folder that it lies in; classes count in alphabetical order. Folders
 * around them called train and test (or val) say which is which; without both, every sixth picture of a class is kept for the
 * test. Each is cut to its middle square and scaled to 32×32. Throws a FileFault that names the picture that cannot be read.
 */
export async function datasetFromPictures(files: readonly NamedFile[]): Promise<Dataset> {
  const pictures = files.filter(({ name }) => isPicture(name)).toSorted((a, b) => compare(a.name, b.name));
  const classes = new Map<string, NamedFile[]>();
  for (const picture of pictures) {
    const folder = picture.name.split('/').at(-2) ?? '';
    const own = classes.get(folder);
    if (own) own.push(picture);
    else classes.set(folder, [picture]);
  }
  if (classes.size < 2) throw new FileFault('inconsistent', `All pictures are in one folder. ${layout}`);
  if (classes.size > mostClasses)
    throw new FileFault(
      'inconsistent',
      `There are ${classes.size} folders; a data set has at most ${mostClasses} classes.`,
    );
  const named = (['train', 'test'] as const).every((split) => pictures.some(({ name }) => splitIn(name) === split));
  const train: Labelled[] = [];
  const test: Labelled[] = [];
  for (const [label, [folder, own]] of [...classes].toSorted(([a], [b]) => compare(a, b)).entries()) {
    const isTest = (picture: NamedFile, i: number): boolean =>
      named
        ? splitIn(picture.name) === 'test'
        : i % testEvery === testEvery - 1 || (i === own.length - 1 && i < testEvery);
    const [trainBefore, testBefore] = [train.length, test.length];
    for (const [i, picture] of own.entries()) (isTest(picture, i) ? test : train).push({ label, picture });
    if (train.length === trainBefore || test.length === testBefore)
      throw new FileFault(
        'inconsistent',
        `Class ${folder} has no picture to train on, or none for the test; it needs one of each.`,
      );
  }
  const split = await splitOf(train);
  return {
    ...ownDataset,
    shape: { height: side, width: side, channels: 3 },
    classes: classes.size,
    ...measure(split.images as Uint8Array, 3),
    train: split,
    test: await splitOf(test),
  };
}

/** What a folder around the class says its pictures are for. */
function splitIn(name: string): 'train' | 'test' | null {
  const around = name.split('/').slice(0, -2);
  if (around.some((folder) => /^train(ing)?$/i.test(folder))) return 'train';
  return around.some((folder) => /^(test(ing)?|val(id(ation)?)?)$/i.test(folder)) ? 'test' : null;
}

interface Labelled {
  readonly label: number;
  readonly picture: NamedFile;
}

/** Reads a few pictures at once: one by one, each would wait long for its turn while the lab trains. */
async function splitOf(pictures: readonly Labelled[]): Promise<Split> {
  const images = new Uint8Array(pictures.length * side * side * 3);
  for (let from = 0; from < pictures.length; from += atOnce) {
    const few = pictures.slice(from, from + atOnce);
    const pixels = await Promise.all(few.map(({ picture }) => pixelsOf(picture)));
    for (const [i, each] of pixels.entries()) images.set(each, (from + i) * each.length);
  }
  return { count: pictures.length, images, labels: Uint8Array.from(pictures, ({ label }) => label) };
}

/** A picture's middle square as [side][side][3] bytes; what is transparent is black. */
async function pixelsOf({ name, bytes }: NamedFile): Promise<Uint8Array> {
  const bitmap = await createImageBitmap(new Blob([bytes])).catch(() => {
    throw new FileFault(
      'malformed',
      `${name} is no picture that this browser can read. Save it as PNG or JPEG, or leave it out.`,
    );
  });
  const context = new OffscreenCanvas(side, side).getContext('2d', { willReadFrequently: true });
  try {
    if (!context) throw new Error('This browser draws no pictures in a worker.');
    const square = Math.min(bitmap.width, bitmap.height);
    context.imageSmoothingQuality = 'high';
    const [left, top] = [(bitmap.width - square) / 2, (bitmap.height - square) / 2];
    context.drawImage(bitmap, left, top, square, square, 0, 0, side, side);
  } finally {
    bitmap.close();
  }
  const { data } = context.getImageData(0, 0, side, side);
  return Uint8Array.from({ length: side * side * 3 }, (_, i) => data[Math.floor(i / 3) * 4 + (i % 3)]);
}
