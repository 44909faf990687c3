import type { Dataset, Split } from '../data/dataset.ts';
import { FaultError } from '../model/fault.ts';
import { sizeOf } from '../model/shape.ts';
import type { Device } from './device.ts';
import { dispatch, type Dispatch } from './kernel.ts';
import { bindingWords, gather } from './kernels/gather.ts';
import type { Value } from './pass.ts';
import type { Plan } from './plan.ts';
import type { Numbers, Tensor } from './tensor.ts';

/** Which images a batch is made of, and how. */
export interface BatchSource {
  /** The batch of step `clock` + `ahead`; an epoch has `steps`. */
  readonly clock: Tensor;
  readonly ahead: number;
  readonly seed: Tensor;
  readonly steps: number;
  readonly shuffle: boolean;
  readonly augment: boolean;
}

/** Images as the network gets them, and their classes. */
export interface Batch {
  readonly size: number;
  readonly input: Value;
  readonly labels: Tensor;
}

/** One split of a data set as it lies on the device: bytes as bytes, normalised only when a batch is taken. */
export class Images {
  readonly count: number;
  readonly #dataset: Dataset;
  readonly #split: Split;
  /** The images, in one tensor, or in two where they are more than one binding may hold. */
  readonly #pieces: readonly Tensor[];
  readonly #classes: Tensor;

  /** Plans its memory. Throws a FaultError('data') when it is empty. */
  constructor(plan: Plan, name: 'train' | 'test', dataset: Dataset) {
    const split = dataset[name];
    if (split.count === 0) throw new FaultError('data', `The data set has no ${name} images.`);
    this.#dataset = dataset;
    this.#split = split;
    this.count = split.count;
    const numbers = split.count * sizeOf(dataset.shape);
    const words = split.images instanceof Uint8Array ? Math.ceil(numbers / 4) : numbers;
    this.#pieces = [Math.min(words, bindingWords), words - bindingWords]
      .filter((size) => size > 0)
      .map((size, i) => plan.tensor(`${name}.images${i || ''}`, size, { type: 'u32', shared: true }));
    this.#classes = plan.tensor(`${name}.classes`, split.count, { type: 'u32', shared: true });
  }

  /** Copies images and labels to the device. */
  write(device: Device): void {
    const words = wordsOf(this.#split.images);
    let start = 0;
    for (const piece of this.#pieces) device.write(piece, words.subarray(start, (start += piece.size)));
    device.write(this.#classes, new Uint32Array(this.#split.labels));
  }

  /** Fills a batch. */
  gather({ size, input, labels }: Batch, source: BatchSource): Dispatch {
    const { shape, mean, std } = this.#dataset;
    const { clock, ahead, seed, steps, shuffle, augment } = source;
    const [images, more = images] = this.#pieces;
    return dispatch(
      gather,
      { x: input.data, labels, images, more, classes: this.#classes, clock, seed },
      {
        M: size,
        N: sizeOf(shape),
        WIDTH: shape.width,
        CHANNELS: shape.channels,
        COUNT: this.count,
        STEPS: steps,
        AHEAD: ahead,
        SHUFFLE: shuffle,
        AUGMENT: augment,
        BYTES: this.#split.images instanceof Uint8Array,
        SPLIT: images.size,
        MEAN0: mean[0],
        MEAN1: mean[1] ?? 0,
        MEAN2: mean[2] ?? 0,
        STD0: std[0],
        STD1: std[1] ?? 1,
        STD2: std[2] ?? 1,
      },
    );
  }
}

/** Bytes as the 32-bit words that the device reads, little-endian; floats as their bits. */
function wordsOf(images: Uint8Array | Float32Array): Numbers {
  const { buffer, byteOffset, byteLength } = images;
  // A phone has no memory for CIFAR-10 twice.
  if (buffer instanceof ArrayBuffer && byteOffset % 4 === 0 && byteLength % 4 === 0)
    return new Uint32Array(buffer, byteOffset, byteLength / 4);
  const bytes = new Uint8Array(Math.ceil(byteLength / 4) * 4);
  bytes.set(new Uint8Array(buffer, byteOffset, byteLength));
  return new Uint32Array(bytes.buffer);
}
