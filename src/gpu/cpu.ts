import { breathe } from './breathe.ts';
import type { Device, Program } from './device.ts';
import { replicasOf, type Dispatch } from './kernel.ts';
import { openNative, type Native } from './native/native.ts';
import { arrayStore, heapStore } from './store.ts';
import { assertFits, headOf, missing, type Tensor } from './tensor.ts';

/** Milliseconds that the CPU computes before it lets the worker handle its messages. */
const turn = 12;

interface Compiled extends Program {
  readonly dispatches: readonly Dispatch[];
}

/**
 * Runs programs on the processor. With 'float64' it computes by the kernels' twins and is the oracle of the tests. With
 * 'float32' it serves visitors who have no WebGPU or prefer the CPU, and uses WebAssembly where the engine and the kernel
 * have it.
 */
export function cpuDevice(
  precision: 'float32' | 'float64' = 'float32',
  native: Native | null = precision === 'float32' ? openNative() : null,
): Device {
  const heap = native && heapStore(native.heap);
  const store = heap ?? arrayStore(precision === 'float64' ? Float64Array : Float32Array);

  const execute = ({ kernel, constants, tensors }: Dispatch, replica: number): void => {
    const of = <T>(view: (tensor: Tensor, from: number) => T): Record<string, T> =>
      Object.fromEntries(
        Object.keys(kernel.bindings).map((name) => {
          const tensor = tensors[name];
          return [name, view(tensor, tensor.replicas === 1 ? 0 : replica * tensor.size)];
        }),
      );
    if (heap && kernel.native)
      kernel.native(
        native.kernels,
        of((tensor, from) => heap.addressOf(tensor) + 4 * from),
        constants,
      );
    else
      kernel.twin(
        of((tensor, from) => store.numbersOf(tensor).subarray(from, from + tensor.size)),
        constants,
      );
  };

  /** When it last let messages be handled; kept across runs, because many short ones in a row must let them, too. */
  let heard = performance.now();

  /** As on a GPU's queue, work is done in the order of the calls, however many runs are under way. */
  let queue: Promise<unknown> = Promise.resolve();
  const enqueue = <T>(work: () => T | Promise<T>): Promise<T> => {
    const done = queue.then(work);
    queue = done.catch(() => undefined);
    return done;
  };

  /** Tensors that will be allocated once the queue is empty. Checked at once, so that the faulty call itself throws. */
  const allocated = new Set<Tensor>();

  return {
    kind: 'cpu',
    name: nameOf(native),
    software: true,
    bindableBytes: Infinity,
    // Its twins are compiled with the page.
    shaders: { asked: 0, done: 0 },
    lost: new Promise(() => {}),
    allocate: async (tensors) => {
      store.allocate(tensors);
      for (const tensor of tensors) allocated.add(tensor);
    },
    free: (tensors) => {
      for (const tensor of tensors) allocated.delete(tensor);
      void enqueue(() => store.free(tensors));
    },
    write: (tensor, numbers, offset = 0) => {
      if (!allocated.has(tensor)) throw missing(tensor);
      assertFits(tensor, numbers, offset);
      const copy = numbers.slice();
      void enqueue(() => store.numbersOf(tensor).set(copy, offset));
    },
    compile: async (dispatches): Promise<Compiled> => ({ launches: dispatches.length, dispatches }),
    run: (calls, reads = []) =>
      enqueue(async () => {
        for (const { program, times } of calls)
          for (let time = 0; time < times; time++)
            for (const call of (program as Compiled).dispatches) {
              for (let replica = 0; replica < replicasOf(call); replica++) execute(call, replica);
              if (performance.now() - heard < turn) continue;
              await breathe();
              heard = performance.now();
            }
        return reads.map(headOf).map(({ tensor, length }) => store.numbersOf(tensor).slice(0, length));
      }),
    destroy: () => void enqueue(() => native?.close()),
  };
}

function nameOf(native: Native | null): string {
  if (!native) return 'CPU (plain TypeScript)';
  return `CPU (WebAssembly, ${native.threads} ${native.threads === 1 ? 'thread' : 'threads'})`;
}
