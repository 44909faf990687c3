/**
 * A block of numbers on the device. It is only a description until a device allocates it, so a whole experiment
 * can be laid out, and its bytes counted, before any memory is taken.
 */
export interface Tensor {
  /** What it holds, as error messages and checkpoints call it. */
  readonly name: string;
  readonly type: 'f32' | 'u32';
  /** Numbers in one replica. */
  readonly size: number;
  /** How many replicas lie behind one another; 1 for what all networks share, such as the images. */
  readonly replicas: number;
}

export const bytesOf = (tensors: Iterable<Tensor>): number => {
  let bytes = 0;
  for (const { size, replicas } of tensors) bytes += 4 * size * replicas;
  return bytes;
};

/** The first numbers of a tensor, all replicas counted: what is read where not all of it is wanted. */
export interface Head {
  readonly tensor: Tensor;
  readonly length: number;
}

/** A whole tensor as a head of its own. */
export const headOf = (read: Tensor | Head): Head =>
  'tensor' in read ? read : { tensor: read, length: read.size * read.replicas };

/** The numbers of a tensor outside the device. float64 where the CPU device is asked for it, as the oracle of a test. */
export type Numbers = Float32Array<ArrayBuffer> | Float64Array<ArrayBuffer> | Uint32Array<ArrayBuffer>;

/** What is said of a tensor that has no memory. */
export const missing = ({ name }: Tensor): Error => new Error(`Tensor ${name} is not allocated.`);

/** Throws where the numbers, from element `offset` on, go beyond the tensor: a device would drop them without a word. */
export function assertFits({ name, size, replicas }: Tensor, numbers: Numbers, offset: number): void {
  if (offset + numbers.length <= size * replicas) return;
  throw new Error(
    `Tensor ${name} has ${size * replicas} numbers, and no room for ${numbers.length} from ${offset} on.`,
  );
}
