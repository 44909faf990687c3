import type { Device, Program } from './device.ts';
import { replicasOf, type Dispatch } from './kernel.ts';
import type { Numbers, Tensor } from './tensor.ts';

/** How long the CPU computes before it lets the worker hear its messages, in milliseconds. */
const turn = 12;

interface Compiled extends Program {
  readonly dispatches: readonly Dispatch[];
}

/** Lets waiting messages be heard. A message of one's own is not held up for 4 ms, as a nested timer is. */
const breathe = (): Promise<void> =>
  new Promise((resume) => {
    const { port1, port2 } = new MessageChannel();
    port1.addEventListener('message', () => {
      port1.close();
      resume();
    });
    port1.start();
    port2.postMessage(null);
  });

/**
 * Runs programs in plain TypeScript. With 'float64' it is the oracle of the tests; with 'float32' it is what a visitor
 * without WebGPU trains on.
 */
export function cpuDevice(precision: 'float32' | 'float64' = 'float32'): Device {
  const Float = precision === 'float64' ? Float64Array : Float32Array;
  const memory = new Map<Tensor, Numbers>();

  const numbersOf = (tensor: Tensor): Numbers => {
    const numbers = memory.get(tensor);
    if (!numbers) throw new Error(`Tensor ${tensor.name} is not allocated.`);
    return numbers;
  };

  const execute = (call: Dispatch): void => {
    const names = Object.keys(call.kernel.bindings);
    for (let replica = 0; replica < replicasOf(call); replica++) {
      const views: Record<string, Numbers> = {};
      for (const name of names) {
        const tensor = call.tensors[name];
        const from = tensor.replicas === 1 ? 0 : replica * tensor.size;
        views[name] = numbersOf(tensor).subarray(from, from + tensor.size);
      }
      call.kernel.twin(views, call.constants);
    }
  };

  /** As on a GPU's queue, what is asked for first happens first, however many runs are under way. */
  let queue: Promise<unknown> = Promise.resolve();
  const enqueue = <T>(work: () => T | Promise<T>): Promise<T> => {
    const done = queue.then(work);
    queue = done.catch(() => undefined);
    return done;
  };

  return {
    kind: 'cpu',
    name: 'CPU (plain TypeScript)',
    software: true,
    bindableBytes: Infinity,
    lost: new Promise(() => {}),
    allocate: async (tensors) => {
      for (const tensor of tensors) {
        const length = tensor.size * tensor.replicas;
        memory.set(tensor, tensor.type === 'u32' ? new Uint32Array(length) : new Float(length));
      }
    },
    free: (tensors) => void enqueue(() => tensors.forEach((tensor) => memory.delete(tensor))),
    write: (tensor, numbers, offset = 0) => {
      const copy = numbers.slice();
      void enqueue(() => numbersOf(tensor).set(copy, offset));
    },
    compile: async (dispatches): Promise<Compiled> => ({ launches: dispatches.length, dispatches }),
    run: (calls, reads = []) =>
      enqueue(async () => {
        let started = performance.now();
        for (const { program, times } of calls)
          for (let time = 0; time < times; time++)
            for (const call of (program as Compiled).dispatches) {
              execute(call);
              if (performance.now() - started < turn) continue;
              await breathe();
              started = performance.now();
            }
        return reads.map((tensor) => numbersOf(tensor).slice());
      }),
    destroy: () => memory.clear(),
  };
}
