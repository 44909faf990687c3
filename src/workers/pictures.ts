import { FileFault } from '../data/bytes.ts';
import type { Dataset, Split } from '../data/dataset.ts';
import type { NamedFile } from '../data/files.ts';
import { measure } from '../data/known.ts';

/** Pictures become squares of this side, in colour: the size of CIFAR-10's. */
const side = 32;
/** Of every so many pictures of a class the last one is kept for the test. */
const testEvery = 6;
/** A label is a byte. */
const mostClasses = 256;

/** Whether a file is a picture, by its name's ending. */
export const isPicture = (name: string): boolean => /\.(png|jpe?g|webp|gif|bmp|avif)$/i.test(name);

const layout = 'Put the pictures of each class into a folder of its own, and choose the folder around them.';

/**
 * A data set of one's own pictures. A picture's class is the folder that it lies in; classes count in alphabetical order.
 * Each is cut to its middle square and scaled to 32×32. Throws a FileFault that names the picture that cannot be read.
 */
export async function datasetFromPictures(files: readonly NamedFile[]): Promise<Dataset> {
  const classes = new Map<string, NamedFile[]>();
  for (const file of files.filter(({ name }) => isPicture(name)).toSorted((a, b) => a.name.localeCompare(b.name))) {
    const folder = file.name.split('/').at(-2) ?? '';
    classes.set(folder, [...(classes.get(folder) ?? []), file]);
  }
  if (classes.size < 2) throw new FileFault('inconsistent', `All pictures are in one folder. ${layout}`);
  if (classes.size > mostClasses)
    throw new FileFault(
      'inconsistent',
      `There are ${classes.size} folders; a data set has at most ${mostClasses} classes.`,
    );
  const train: Labelled[] = [];
  const test: Labelled[] = [];
  for (const [label, [folder, pictures]] of [...classes].entries()) {
    if (pictures.length < 2)
      throw new FileFault(
        'inconsistent',
        `Folder ${folder} has one picture; a class needs two, one of them for the test.`,
      );
    for (const [i, picture] of pictures.entries()) {
      const last = i === pictures.length - 1 && pictures.length < testEvery;
      (last || i % testEvery === testEvery - 1 ? test : train).push({ label, pixels: await pixelsOf(picture) });
    }
  }
  const split = splitOf(train);
  return {
    id: 'own',
    name: 'Your images',
    shape: { height: side, width: side, channels: 3 },
    classes: classes.size,
    ...measure(split.images as Uint8Array, 3),
    train: split,
    test: splitOf(test),
  };
}

interface Labelled {
  readonly label: number;
  readonly pixels: Uint8Array;
}

function splitOf(pictures: readonly Labelled[]): Split {
  const images = new Uint8Array(pictures.length * side * side * 3);
  for (const [i, { pixels }] of pictures.entries()) images.set(pixels, i * pixels.length);
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
  const square = Math.min(bitmap.width, bitmap.height);
  const context = new OffscreenCanvas(side, side).getContext('2d', { willReadFrequently: true });
  if (!context) throw new Error('This browser draws no pictures in a worker.');
  context.imageSmoothingQuality = 'high';
  const [left, top] = [(bitmap.width - square) / 2, (bitmap.height - square) / 2];
  context.drawImage(bitmap, left, top, square, square, 0, 0, side, side);
  bitmap.close();
  const { data } = context.getImageData(0, 0, side, side);
  return Uint8Array.from({ length: side * side * 3 }, (_, i) => data[Math.floor(i / 3) * 4 + (i % 3)]);
}
