import { shuffled } from '../../model/rng.ts';
import gatherSource from '../../shaders/gather.wgsl?raw';
import philox from '../../shaders/philox.wgsl?raw';
import { everywhere, type Kernel } from '../kernel.ts';

export type GatherConstants = {
  /** Examples of a batch. */
  readonly M: number;
  /** Numbers of an image. */
  readonly N: number;
  /** Its last dimension. */
  readonly CHANNELS: number;
  /** Images there are. */
  readonly COUNT: number;
  /** Batches of an epoch. */
  readonly STEPS: number;
  readonly SHUFFLE: boolean;
  /** Images are bytes, four to a word; otherwise words are floats, used as they are. */
  readonly BYTES: boolean;
  /** Mean and standard deviation of each channel, of bytes scaled to [0, 1]. */
  readonly MEAN0: number;
  readonly MEAN1: number;
  readonly MEAN2: number;
  readonly STD0: number;
  readonly STD1: number;
  readonly STD2: number;
};

/** x[M,N], labels[M]: the batch of step clock, normalised; shuffled anew every epoch by (seed, epoch). */
export const gather: Kernel<GatherConstants, 'x' | 'labels' | 'images' | 'classes' | 'clock' | 'seed'> = {
  name: 'gather',
  bindings: { x: 'write', labels: 'write', images: 'read', classes: 'read', clock: 'read', seed: 'read' },
  shaders: everywhere({ wgsl: philox + gatherSource, workgroups: ({ M }) => [M, 1] }),
  twin({ x, labels, images, classes, clock, seed }, constants) {
    const { M, N, CHANNELS, COUNT, STEPS, SHUFFLE, BYTES } = constants;
    const mean = [constants.MEAN0, constants.MEAN1, constants.MEAN2];
    const deviation = [constants.STD0, constants.STD1, constants.STD2];
    const floats = new Float32Array(images.buffer, images.byteOffset, images.length);
    for (let m = 0; m < M; m++) {
      const position = Math.min((clock[0] % STEPS) * M + m, COUNT - 1);
      const image = SHUFFLE ? shuffled(position, COUNT, seed[0], Math.floor(clock[0] / STEPS)) : position;
      labels[m] = classes[image];
      for (let n = 0; n < N; n++) {
        const i = image * N + n;
        const byte = (images[i >>> 2] >>> (8 * (i & 3))) & 255;
        const channel = n % CHANNELS;
        x[m * N + n] = BYTES ? (byte / 255 - mean[channel]) / deviation[channel] : floats[i];
      }
    }
  },
};
