import { philox, shuffled, streams } from '../../model/rng.ts';
import gatherSource from '../../shaders/gather.wgsl?raw';
import philoxSource from '../../shaders/philox.wgsl?raw';
import { everywhere, type Kernel } from '../kernel.ts';
import type { Numbers } from '../tensor.ts';

export type GatherConstants = {
  /** Examples of a batch. */
  readonly M: number;
  /** Numbers of an image. */
  readonly N: number;
  /** Its width and its channels. */
  readonly WIDTH: number;
  readonly CHANNELS: number;
  /** Images in the split. */
  readonly COUNT: number;
  /** Batches of an epoch. */
  readonly STEPS: number;
  /** Steps from the clock to that of the batch. */
  readonly AHEAD: number;
  readonly SHUFFLE: boolean;
  /** Shift every image by up to 4 pixels, black coming in, and mirror every other one; drawn from (seed, step, image). */
  readonly AUGMENT: boolean;
  /** Images are bytes, four to a word; otherwise words are floats, used as they are. */
  readonly BYTES: boolean;
  /** Words in `images`; the rest is in `more`. */
  readonly SPLIT: number;
  /** Mean and standard deviation of each channel, of bytes scaled to [0, 1]. */
  readonly MEAN0: number;
  readonly MEAN1: number;
  readonly MEAN2: number;
  readonly STD0: number;
  readonly STD1: number;
  readonly STD2: number;
};

/** Words that every GPU can bind at once: 128 MiB. */
export const bindingWords = 2 ** 25;

/** Rows and columns that a crop may shift an image by. */
const margin = 4;

/**
 * x[M,N], labels[M]: the batch of step clock + AHEAD, normalised. The order is shuffled anew every epoch by (seed, epoch). A
 * batch that reaches beyond the last image goes on with the first.
 */
export const gather: Kernel<GatherConstants, 'x' | 'labels' | 'images' | 'more' | 'classes' | 'clock' | 'seed'> = {
  name: 'gather',
  bindings: {
    x: 'write',
    labels: 'write',
    images: 'read',
    more: 'read',
    classes: 'read',
    clock: 'read',
    seed: 'read',
  },
  shader: everywhere({
    wgsl: philoxSource + gatherSource,
    workgroups: ({ M }) => [M, 1],
    constants: { SHUFFLE_STREAM: streams.shuffle, AUGMENT_STREAM: streams.augment },
    flexible: true,
  }),
  twin({ x, labels, images, more, classes, clock, seed }, constants) {
    const { M, N, WIDTH, CHANNELS, COUNT, STEPS, AHEAD, SHUFFLE, AUGMENT, BYTES, SPLIT } = constants;
    const step = clock[0] + AHEAD;
    const mean = [constants.MEAN0, constants.MEAN1, constants.MEAN2];
    const deviation = [constants.STD0, constants.STD1, constants.STD2];
    const height = N / (WIDTH * CHANNELS);
    for (let m = 0; m < M; m++) {
      const position = ((step % STEPS) * M + m) % COUNT;
      const image = SHUFFLE ? shuffled(position, COUNT, seed[0], Math.floor(step / STEPS)) : position;
      labels[m] = classes[image];
      const [down, right, mirror] = AUGMENT ? philox(image, step, 0, 0, seed[0], streams.augment) : [margin, margin, 0];
      const rowShift = (down % (2 * margin + 1)) - margin;
      const columnShift = (right % (2 * margin + 1)) - margin;
      const mirrored = mirror % 2 === 1;
      for (let row = rowShift, at = m * N; row < height + rowShift; row++)
        for (let place = 0; place < WIDTH; place++) {
          const column = (mirrored ? WIDTH - 1 - place : place) + columnShift;
          const inside = row >= 0 && row < height && column >= 0 && column < WIDTH;
          const from = image * N + (row * WIDTH + column) * CHANNELS;
          for (let channel = 0; channel < CHANNELS; channel++, at++) {
            const value = inside ? numberAt(from + channel, images, more, SPLIT, BYTES) : 0;
            x[at] = BYTES ? (value - mean[channel]) / deviation[channel] : value;
          }
        }
    }
  },
};

const bits = new Uint32Array(1);
const float = new Float32Array(bits.buffer);

/** Number i of the images, bytes scaled to [0, 1]. Not a closure of each batch, because that would not be inlined. */
function numberAt(i: number, images: Numbers, more: Numbers, split: number, bytes: boolean): number {
  const at = bytes ? i >>> 2 : i;
  const word = at < split ? images[at] : more[at - split];
  if (bytes) return ((word >>> (8 * (i & 3))) & 255) / 255;
  bits[0] = word;
  return float[0];
}
