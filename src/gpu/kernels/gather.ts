import { philox, shuffled, streams } from '../../model/rng.ts';
import gatherSource from '../../shaders/gather.wgsl?raw';
import philoxSource from '../../shaders/philox.wgsl?raw';
import { everywhere, type Kernel } from '../kernel.ts';

export type GatherConstants = {
  /** Examples of a batch. */
  readonly M: number;
  /** Numbers of an image. */
  readonly N: number;
  /** Its last two dimensions. */
  readonly WIDTH: number;
  readonly CHANNELS: number;
  /** Images there are. */
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

/** Words that a binding has room for on every GPU: 128 MiB. */
export const bindingWords = 2 ** 25;

/** Rows and columns that a crop may shift an image by. */
const margin = 4;

/** x[M,N], labels[M]: the batch of step clock + AHEAD, normalised; shuffled anew every epoch by (seed, epoch). */
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
  shader: everywhere({ wgsl: philoxSource + gatherSource, workgroups: ({ M }) => [M, 1], flexible: true }),
  twin({ x, labels, images, more, classes, clock, seed }, constants) {
    const { M, N, WIDTH, CHANNELS, COUNT, STEPS, AHEAD, SHUFFLE, AUGMENT, BYTES, SPLIT } = constants;
    const step = clock[0] + AHEAD;
    const mean = [constants.MEAN0, constants.MEAN1, constants.MEAN2];
    const deviation = [constants.STD0, constants.STD1, constants.STD2];
    const height = N / (WIDTH * CHANNELS);
    const word = (i: number): number => (i < SPLIT ? images[i] : more[i - SPLIT]);
    const bits = new Uint32Array(1);
    const float = new Float32Array(bits.buffer);
    const pixel = (i: number): number => {
      if (BYTES) return ((word(i >>> 2) >>> (8 * (i & 3))) & 255) / 255;
      bits[0] = word(i);
      return float[0];
    };
    for (let m = 0; m < M; m++) {
      const position = Math.min((step % STEPS) * M + m, COUNT - 1);
      const image = SHUFFLE ? shuffled(position, COUNT, seed[0], Math.floor(step / STEPS)) : position;
      labels[m] = classes[image];
      const [down, right, mirror] = philox(image, step, 0, 0, seed[0], streams.augment);
      for (let n = 0; n < N; n++) {
        const channel = n % CHANNELS;
        let row = Math.floor(n / CHANNELS / WIDTH);
        let column = Math.floor(n / CHANNELS) % WIDTH;
        if (AUGMENT) {
          if (mirror % 2 === 1) column = WIDTH - 1 - column;
          row += (down % (2 * margin + 1)) - margin;
          column += (right % (2 * margin + 1)) - margin;
        }
        const inside = row >= 0 && row < height && column >= 0 && column < WIDTH;
        const value = inside ? pixel(image * N + (row * WIDTH + column) * CHANNELS + channel) : 0;
        x[m * N + n] = BYTES ? (value - mean[channel]) / deviation[channel] : value;
      }
    }
  },
};
