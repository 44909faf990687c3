/** Milliseconds between two nudges. */
const every = 2;
/** A queue that needs longer than this, in ms, to say that it has nothing to do is drowsy. */
const drowsy = 30;

/**
 * Whether the browser notices only now and then that the GPU is done. Firefox looks every 100 ms, and whenever something is
 * submitted (bugzilla.mozilla.org/1870699): without more, a submit of any size takes that long to come back.
 */
export async function isDrowsy(queue: GPUQueue): Promise<boolean> {
  // The first answer comes at some point of the browser's clock; the second takes a whole turn of it.
  await queue.onSubmittedWorkDone();
  const began = performance.now();
  await queue.onSubmittedWorkDone();
  return performance.now() - began > drowsy;
}

/** Keeps a drowsy browser awake while somebody waits for the GPU, by submitting nothing every other millisecond. */
export class Waker {
  readonly #queue: GPUQueue;
  #waiting = 0;
  #timer: ReturnType<typeof setInterval> | undefined;

  constructor(queue: GPUQueue) {
    this.#queue = queue;
  }

  /** Waits for `work`. */
  async until<T>(work: Promise<T>): Promise<T> {
    if (this.#waiting++ === 0) this.#timer = setInterval(() => this.#queue.submit([]), every);
    try {
      return await work;
    } finally {
      if (--this.#waiting === 0) clearInterval(this.#timer);
    }
  }
}
