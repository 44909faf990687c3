/**
 * A block of numbers on the device. It is only a description until a device allocates it, so a whole experiment
 * can be laid out, and its bytes counted, before any memory is taken.
 */
export interface Tensor {
  /** Its name in error messages and checkpoints. */
  readonly name: string;
  readonly type: 'f32' | 'u32';
  /** Numbers in one replica. */
  readonly size: number;
  /** How many replicas it holds, one after another; 1 for what all networks share, such as the images. */
  readonly replicas: number;
}

export const bytesOf = (tensors: Iterable<Tensor>): number => {
  let bytes = 0;
  for (const { size, replicas } of tensors) bytes += 4 * size * replicas;
  return bytes;
};

/** The first `length` numbers of a tensor, counted across its replicas: for reading only a part of it. */
export interface Head {
  readonly tensor: Tensor;
  readonly length: number;
}

/** A head as it is, or a whole tensor as one. */
export const headOf = (read: Tensor | Head): Head =>
  'tensor' in read ? read : { tensor: read, length: read.size * read.replicas };

/** The numbers of a tensor outside the device. They are float64 where the CPU device is a test's oracle. */
export type Numbers = Float32Array<ArrayBuffer> | Float64Array<ArrayBuffer> | Uint32Array<ArrayBuffer>;

/** The error for a tensor that has no memory. */
export const missing = ({ name }: Tensor): Error => new Error(`Tensor ${name} is not allocated.`);

/** Throws where numbers written from element `offset` on would go beyond the tensor: a GPU would drop them silently. */
export function assertFits({ name, size, replicas }: Tensor, numbers: Numbers, offset: number): void {
  if (offset + numbers.length <= size * replicas) return;
  throw new Error(
    `Tensor ${name} has ${size * replicas} numbers, and no room for ${numbers.length} from ${offset} on.`,
  );
}
