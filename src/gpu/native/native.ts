import { builds } from './assembly/index.ts?wasm';
import { Heap } from './heap.ts';

/** The functions of assembly/. They take the addresses of tensors, one replica at a time. */
export interface NativeKernels {
  apply(z: number, x: number, v: number, M: number, N: number, K: number, bias: boolean, relu: boolean): void;
  pullback(
    dx: number,
    e: number,
    v: number,
    x: number,
    M: number,
    N: number,
    K: number,
    gated: boolean,
    add: boolean,
  ): void;
  outer(
    v: number,
    velocity: number,
    x: number,
    e: number,
    rates: number,
    mask: number,
    M: number,
    N: number,
    K: number,
    bias: boolean,
    masked: boolean,
  ): void;
  /** Sets the sizes of the next convolution: M examples, maps in and out with their channels, a square kernel. */
  connect(
    M: number,
    height: number,
    width: number,
    inputs: number,
    outHeight: number,
    outWidth: number,
    outputs: number,
    kernel: number,
    stride: number,
    padding: number,
  ): void;
  convApply(z: number, x: number, v: number, bias: boolean, relu: boolean): void;
  convPullback(dx: number, e: number, v: number, x: number, gated: boolean, add: boolean): void;
  convOuter(parts: number, x: number, e: number, bias: boolean, images: number): void;
  descend(
    v: number,
    velocity: number,
    partial: number,
    rates: number,
    mask: number,
    count: number,
    pieces: number,
    masked: boolean,
  ): void;
  /** `clock` is 0 where numbers are drawn only once. */
  uniform(value: number, count: number, bound: number, seed: number, stream: number, clock: number): void;
  normal(value: number, count: number, deviation: number, seed: number, stream: number, clock: number): void;
  mask(bits: number, count: number, seed: number, rates: number, stream: number): void;
  /** `rates` is 0 where nothing is rescaled. */
  thin(value: number, full: number, mask: number, count: number, rates: number): void;
  mix(
    value: number,
    path: number,
    frozen: number,
    copied: number,
    count: number,
    seed: number,
    stream: number,
    pathShare: number,
    fixedShare: number,
    explicit: boolean,
  ): void;
  follow(
    value: number,
    weight: number,
    magnitude: number,
    mask: number,
    count: number,
    size: number,
    drawn: boolean,
  ): void;
}

/** What every thread calls beside the kernels. */
export interface Crew {
  /** Bytes of scratch memory that a thread needs. */
  readonly scratchBytes: WebAssembly.Global<'i32'>;
  /** Tells this thread where jobs are announced and where its scratch memory is. Call first. */
  join(jobs: number, scratch: number): void;
  /** Computes tiles of the jobs that others announce, and never returns. */
  help(): void;
}

/** WebAssembly that computes kernels, and the memory that it sees. */
export interface Native {
  readonly kernels: NativeKernels;
  readonly heap: Heap;
  readonly threads: number;
  /** Ends the helpers. Call only between two kernels: a tile that a helper has taken would never be finished. */
  close(): void;
}

/** How to compute. What is left out is chosen by the machine. */
export interface NativeOptions {
  /** Threads, this one included. */
  readonly threads?: number;
  /** Whether multiply-adds may round only once, where the engine can do that. */
  readonly fused?: boolean;
}

/** Opens WebAssembly for this thread; null where the engine has no SIMD, or the page's host does not let it compile. */
export function openNative({ threads = usableThreads(), fused = true }: NativeOptions = {}): Native | null {
  if (typeof WebAssembly === 'undefined') return null;
  const shared = threads > 1;
  const module = compile(shared, fused);
  const room = reserve(shared);
  // Shared memory has to be reserved in full at once, which a phone may refuse: then one thread with more room is better.
  if (!module || !room) return shared ? openNative({ threads: 1, fused }) : null;
  const heap = new Heap(room.memory, room.maximum);
  const instance = new WebAssembly.Instance(module, { env: { memory: room.memory } });
  const crew = instance.exports as unknown as NativeKernels & Crew;
  const jobs = heap.take(jobBytes, 'the job');
  const takeScratch = (): number => heap.take(crew.scratchBytes.value, 'scratch memory');
  crew.join(jobs, takeScratch());
  const helpers = Array.from({ length: threads - 1 }, () =>
    startHelper({ module, memory: room.memory, jobs, scratch: takeScratch() }),
  );
  return { kernels: crew, heap, threads, close: () => helpers.forEach((helper) => helper?.terminate()) };
}

/** What a helper needs to join. */
export interface Invitation {
  readonly module: WebAssembly.Module;
  readonly memory: WebAssembly.Memory;
  readonly jobs: number;
  readonly scratch: number;
}

/** Bytes of a job: its counters, and the description of its tiles. */
export const jobBytes = 1024;

/** The most threads that are used. The tests run so many together; more than two have not been timed. */
const mostThreads = 8;

/** Memory can be shared with other threads only in an isolated page (public/_headers). Node uses one thread. */
const usableThreads = (): number =>
  globalThis.crossOriginIsolated && typeof Worker === 'function'
    ? Math.min(navigator.hardwareConcurrency, mostThreads)
    : 1;

/** The best build that this engine understands. */
function compile(shared: boolean, fused: boolean): WebAssembly.Module | null {
  for (const rounding of fused ? ['relaxed-simd', ''] : ['']) {
    const bytes = decode(builds[[rounding, shared ? 'threads' : ''].join(' ').trim()]);
    try {
      return new WebAssembly.Module(bytes);
    } catch {
      // An instruction that this engine lacks, or a policy against WebAssembly.
    }
  }
  return null;
}

const decode = (base64: string): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));

/** A memory that may grow as far as the engine allows: up to 4 GiB, on a small machine less, but 1 GiB at least. */
function reserve(shared: boolean): { memory: WebAssembly.Memory; maximum: number } | null {
  for (let maximum = 2 ** 16; maximum >= 2 ** 14; maximum /= 2)
    try {
      return { memory: new WebAssembly.Memory({ initial: 2, maximum, shared }), maximum };
    } catch {
      // The address space has not so much free in one piece.
    }
  return null;
}

/** Starts a helper. If it never gets going, the others take its tiles. */
function startHelper(invitation: Invitation): Worker | null {
  try {
    const worker = new Worker(new URL('./helper.worker.ts', import.meta.url), { type: 'module' });
    worker.addEventListener('error', (event) => event.preventDefault());
    worker.postMessage(invitation, []);
    return worker;
  } catch {
    return null;
  }
}
