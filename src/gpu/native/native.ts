import { builds } from './assembly/index.ts?wasm';
import { Heap } from './heap.ts';

/** The functions of assembly/. Tensors are given by their addresses, one replica at a time. */
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
  /** Says between which maps the next convolution goes: M examples of so many channels, a square kernel. */
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
  /** `clock` is 0 for what is drawn once. */
  uniform(value: number, count: number, bound: number, seed: number, stream: number, clock: number): void;
  normal(value: number, count: number, deviation: number, seed: number, stream: number, clock: number): void;
  mask(bits: number, count: number, seed: number, rates: number, stream: number): void;
  /** `rates` are 0 for what is not rescaled. */
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

/** What every thread calls besides. */
export interface Crew {
  /** Bytes of scratch memory that a thread needs. */
  readonly scratchBytes: WebAssembly.Global<'i32'>;
  /** Says where jobs are announced and where this thread's scratch memory is. */
  join(jobs: number, scratch: number): void;
  /** Computes what the others announce, for ever. */
  help(): void;
}

/** WebAssembly that computes kernels, and the memory that it sees. */
export interface Native {
  readonly kernels: NativeKernels;
  readonly heap: Heap;
  readonly threads: number;
  /** Ends the helpers. Only between two kernels: a tile that one of them has taken would never be done. */
  close(): void;
}

/** How to compute; what is left out is chosen for the machine. */
export interface NativeOptions {
  /** Threads, this one included. */
  readonly threads?: number;
  /** Whether multiply-adds may round once, where the engine can. */
  readonly fused?: boolean;
}

/** Opens WebAssembly for this thread; null where the engine has no SIMD, or the page's host does not let it compile. */
export function openNative({ threads = usableThreads(), fused = true }: NativeOptions = {}): Native | null {
  if (typeof WebAssembly === 'undefined') return null;
  const shared = threads > 1;
  const module = compile(shared, fused);
  const room = reserve(shared);
  // Memory that is shared has to be reserved at once, which a phone may refuse: then better one thread than little room.
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

/** Bytes of a job's counters, and of what its tiles have to know. */
export const jobBytes = 1024;

/** As many threads as the tests have together; more than two have not been timed. */
const mostThreads = 8;

/** Memory is shared with other threads only in a page that is isolated (public/_headers); Node stays alone. */
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
      // Not so much of the address space is free.
    }
  return null;
}

/** A helper on its way. One that does not start is not missed: whoever is there takes the tiles. */
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
