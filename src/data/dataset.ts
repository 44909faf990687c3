import type { Shape } from '../model/shape.ts';
import { count, FileFault } from './bytes.ts';
import type { IdxArray } from './idx.ts';

/** Labelled images, ready for a device. */
export interface Dataset {
  id: string;
  name: string;
  shape: Shape;
  classes: number;
  /** Per channel, of values in [0, 1]: a byte v becomes (v/255 - mean)/std on the device. Floats are used as they are. */
  mean: number[];
  std: number[];
  train: Split;
  test: Split;
}

export interface Split {
  count: number;
  /** [count, height, width, channels] */
  images: Uint8Array | Float32Array;
  /** [count], each below `classes`. */
  labels: Uint8Array;
}

/** A device normalises bytes of so many channels: grey, or red, green and blue. Floats are used as they are. */
const mostChannels = { u8: 3, f32: 2 ** 16, f64: 2 ** 16 } as const;

/** The four arrays that make up a data set. */
export const parts = ['trainImages', 'trainLabels', 'testImages', 'testLabels'] as const;
export type Part = (typeof parts)[number];

/**
 * A data set from its four arrays. Images may have shape [n, width], [n, height, width] or [n, height, width, channels].
 * @throws FileFault where the arrays do not fit together, a label is not below `classes`, or a pixel is not finite.
 */
export function fromIdx(
  arrays: Record<Part, IdxArray>,
  meta: Pick<Dataset, 'id' | 'name' | 'classes' | 'mean' | 'std'>,
): Dataset {
  const shape = imageShape(arrays.trainImages);
  const testShape = imageShape(arrays.testImages);
  if (text(shape) !== text(testShape)) {
    throw new FileFault(
      'inconsistent',
      `The training images are ${text(shape)}, but the test images are ${text(testShape)}. ` +
        `Take all four files from the same data set.`,
    );
  }
  if (arrays.trainImages.type !== arrays.testImages.type) {
    throw new FileFault(
      'inconsistent',
      `The training images are ${arrays.trainImages.type}, but the test images are ${arrays.testImages.type}. ` +
        `Write both files with the same type.`,
    );
  }
  return {
    ...meta,
    shape,
    train: split('training', arrays.trainImages, arrays.trainLabels, meta.classes),
    test: split('test', arrays.testImages, arrays.testLabels, meta.classes),
  };
}

/** The four arrays of a data set, images as [n, height, width] when they have one channel: the inverse of `fromIdx`. */
export function toIdx({ shape, train, test }: Dataset): Record<Part, IdxArray> {
  const images = ({ count: n, images: data }: Split): IdxArray => {
    const { height, width, channels } = shape;
    const dimensions = channels === 1 ? [n, height, width] : [n, height, width, channels];
    return data instanceof Uint8Array
      ? { type: 'u8', shape: dimensions, data }
      : { type: 'f32', shape: dimensions, data };
  };
  const labels = ({ count: n, labels: data }: Split): IdxArray => ({ type: 'u8', shape: [n], data });
  return {
    trainImages: images(train),
    trainLabels: labels(train),
    testImages: images(test),
    testLabels: labels(test),
  };
}

/**
 * The shape of one image of an array of images.
 * @throws FileFault where it is none, or one of more channels than there may be
 */
export function imageShape({ shape, type }: IdxArray): Shape {
  if (shape.length < 2) {
    throw new FileFault(
      'inconsistent',
      'A file of images has only one dimension. Check that it is not a file of labels.',
    );
  }
  const [, ...image] = shape;
  const [height = 1, width = 1, channels = 1] = image.length === 1 ? [1, ...image] : image;
  if (channels > mostChannels[type])
    throw new FileFault(
      'inconsistent',
      `The images are ${text({ height, width, channels })}, but ` +
        (type === 'u8'
          ? `bytes have at most ${mostChannels.u8} channels. Write them without the others, such as transparency, or as floats.`
          : `floats have at most ${count(mostChannels[type])} channels. Write them as [n, height, width, channels].`),
    );
  return { height, width, channels };
}

function split(which: string, images: IdxArray, labels: IdxArray, classes: number): Split {
  const [n = 0] = images.shape;
  if (labels.type !== 'u8' || labels.shape.length !== 1) {
    throw new FileFault(
      'inconsistent',
      `The ${which} labels must be one row of unsigned bytes. Write the file as IDX 0x0801.`,
    );
  }
  if (labels.data.length !== n || images.data.length === 0) {
    throw new FileFault(
      'inconsistent',
      `There are ${count(n)} ${which} images of ${text(imageShape(images))} and ${count(labels.data.length)} labels. ` +
        `Take both files from the same data set; neither may be empty.`,
    );
  }
  const wrong = labels.data.findIndex((label) => label >= classes);
  if (wrong >= 0) {
    throw new FileFault(
      'inconsistent',
      `Label ${count(wrong)} of the ${which} set is ${labels.data[wrong]}, but with ${classes} classes labels run from 0 ` +
        `to ${classes - 1}. Check that the file of labels belongs to this data set.`,
    );
  }
  if (images.type === 'u8') return { count: n, images: images.data, labels: labels.data };
  const floats = Float32Array.from(images.data);
  const bad = floats.findIndex((value) => !Number.isFinite(value));
  if (bad >= 0) {
    throw new FileFault(
      'malformed',
      `Value ${count(bad)} of the ${which} images is not a finite float32. Write the file again without NaN and infinities.`,
    );
  }
  return { count: n, images: floats, labels: labels.data };
}

function text({ height, width, channels }: Shape): string {
  return `${height} × ${width} × ${channels}`;
}
