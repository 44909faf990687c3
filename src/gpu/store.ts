import type { Heap } from './native/heap.ts';
import { bytesOf, missing, type Numbers, type Tensor } from './tensor.ts';

/** Where the CPU device keeps the numbers of its tensors. */
export interface Store {
  /** Takes zeroed memory for all of them, or throws and takes none: a FaultError, where the memory is a heap. */
  allocate(tensors: readonly Tensor[]): void;
  free(tensors: readonly Tensor[]): void;
  /** A view of the numbers. Valid until the next `allocate`: a memory that grows detaches its old views. */
  numbersOf(tensor: Tensor): Numbers;
}

/** An array of its own for every tensor. */
export function arrayStore(Float: typeof Float32Array | typeof Float64Array): Store {
  const arrays = new Map<Tensor, Numbers>();
  return {
    allocate: (tensors) => {
      const made = tensors.map((tensor) => {
        const length = tensor.size * tensor.replicas;
        return [tensor, tensor.type === 'u32' ? new Uint32Array(length) : new Float(length)] as const;
      });
      for (const [tensor, numbers] of made) arrays.set(tensor, numbers);
    },
    free: (tensors) => tensors.forEach((tensor) => arrays.delete(tensor)),
    numbersOf: (tensor) => {
      const numbers = arrays.get(tensor);
      if (!numbers) throw missing(tensor);
      return numbers;
    },
  };
}

/** All tensors in one WebAssembly memory, where its functions find them by their addresses. */
export interface HeapStore extends Store {
  addressOf(tensor: Tensor): number;
}

export function heapStore(heap: Heap): HeapStore {
  const addresses = new Map<Tensor, number>();
  const addressOf = (tensor: Tensor): number => {
    const address = addresses.get(tensor);
    if (address === undefined) throw missing(tensor);
    return address;
  };
  const free = (tensors: readonly Tensor[]): void => {
    for (const tensor of tensors) {
      const address = addresses.get(tensor);
      if (address !== undefined) heap.free(address);
      addresses.delete(tensor);
    }
  };
  return {
    allocate: (tensors) => {
      try {
        for (const tensor of tensors) addresses.set(tensor, heap.take(bytesOf([tensor]), tensor.name));
      } catch (error) {
        free(tensors);
        throw error;
      }
    },
    free,
    addressOf,
    numbersOf: (tensor) => {
      const Type = tensor.type === 'u32' ? Uint32Array : Float32Array;
      return new Type(heap.memory.buffer, addressOf(tensor), tensor.size * tensor.replicas);
    },
  };
}
