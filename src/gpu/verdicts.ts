import { Ending } from '../model/ending.ts';
import { FaultError } from '../model/fault.ts';
import { Waker } from './waker.ts';

/** Milliseconds between what a loss breaks and the word of it: Firefox takes more than 50 where a processor computes. */
const lossDelay = 1000;

/** Tells what a failure on a GPU is: an error of its own, or the device being lost, after which it may never answer. */
export class Verdicts {
  /** Resolves with the reason when the device is lost. */
  readonly lost: Promise<string>;
  readonly #gpu: GPUDevice;
  readonly #loss = new Ending<Error>();
  readonly #waker: Waker | null;
  #reason: string | null = null;

  /** `drowsy`: whether the browser has to be kept awake to notice that the GPU is done. */
  constructor(gpu: GPUDevice, drowsy: boolean) {
    this.#gpu = gpu;
    this.#waker = drowsy ? new Waker(gpu.queue) : null;
    this.lost = gpu.lost.then(({ message, reason }) => {
      this.#reason = message || reason;
      this.#loss.come(new Error(this.#reason));
      return this.#reason;
    });
  }

  /** Throws a FaultError('device-lost') if the loss is known. */
  assertAlive(): void {
    if (this.#reason !== null) throw new FaultError('device-lost', 'The GPU was lost.', this.#reason);
  }

  /** Call when something has failed. A loss may be announced a moment later than what it broke: waits for that, and throws it. */
  async unlessLost(): Promise<void> {
    await this.#loss.before(new Promise((resume) => setTimeout(resume, lossDelay)));
    this.assertAlive();
  }

  /** What `work` comes to; throws a FaultError('device-lost') when the device is lost first, or `work` fails because of that. */
  async orLost<T>(work: Promise<T>): Promise<T> {
    const answer = work.catch((error: Error) => error);
    const outcome = await this.#loss.before(this.#waker?.until(answer) ?? answer);
    if (!(outcome instanceof Error)) return outcome;
    // A fault is what it says; anything else may be a loss.
    if (!(outcome instanceof FaultError)) await this.unlessLost();
    this.assertAlive();
    throw outcome;
  }

  /**
   * Does `work` at once, then waits until the driver has validated it. An invalid command is dropped without a word, and
   * every read then returns zeros; only an error scope reports it.
   * Throws a FaultError('internal') with the complaint where anything was invalid, or a FaultError('device-lost').
   */
  async checked<T>(work: () => T, complaint: string): Promise<T> {
    this.#gpu.pushErrorScope('validation');
    let verdict: Promise<GPUError | null>;
    let done: T;
    try {
      done = work();
    } finally {
      verdict = this.#gpu.popErrorScope();
    }
    const error = await this.orLost(verdict);
    if (error) throw new FaultError('internal', complaint, error.message);
    return done;
  }
}
