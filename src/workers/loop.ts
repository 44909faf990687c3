import type { Trainer } from '../gpu/trainer.ts';
import type { Numbers } from '../gpu/tensor.ts';
import { FaultError } from '../model/fault.ts';
import type { Outbox } from './outbox.ts';
import { Cost, Pace } from './pace.ts';

/** The metrics look at least so many steps apart, and take at most this share of the time. */
const alignEvery = 20;
const alignShare = 0.05;
/** Tests come every so many steps: at first, while most changes, more often. */
const testEvery = { first: 20, later: 100 };
/** They take at most this share of the time, in the first epoch more; the ends of epochs, by which runs are compared, the most. */
const testShare = { first: 0.25, later: 0.1, ends: 1 / 3 };
const inFlight = 2;
/** Milliseconds between the copies of the whole state that a lost GPU is recovered from. */
const snapshotEvery = 15_000;

/** A copy of a trainer's whole state. */
export type State = ReadonlyMap<string, Numbers>;

/**
 * Trains one trainer: submits of about one display frame, two in flight, driven by their completion and by no timer, so
 * that it goes on in a hidden tab and hears a pause within a frame or two.
 */
export class Loop {
  readonly trainer: Trainer;
  readonly pace = new Pace();
  readonly #lookCost = new Cost();
  readonly #testCost = new Cost();
  readonly #outbox: Outbox;
  readonly #onProgress: () => void;
  #nextAlign = 0;
  /** Whether a look has been asked for that has not begun yet. */
  #lookAsked = false;
  /** What is to be done between two steps. It does not fail: whoever asked for it hears what came of it. */
  #errands: (() => Promise<void>)[] = [];
  #nextTest = 0;
  #nextSnapshot = 0;
  #snapshot: State | null;
  #snapshotStep: number;
  #stopped = true;
  #training: Promise<void> | null = null;

  /**
   * `onProgress` is called whenever the numbers of the status have moved; `from` is the state that the trainer goes on from,
   * if it does not start from its seed.
   */
  constructor(trainer: Trainer, outbox: Outbox, onProgress: () => void, from: State | null = null) {
    this.trainer = trainer;
    this.#snapshot = from;
    this.#snapshotStep = trainer.step;
    this.#outbox = outbox;
    this.#onProgress = onProgress;
    this.#nextAlign = this.#nextTest = trainer.step;
  }

  /** Steps of the whole experiment. */
  get totalSteps(): number {
    return this.trainer.experiment.epochs * this.trainer.epochSteps;
  }

  get finished(): boolean {
    return this.trainer.step >= this.totalSteps;
  }

  /** Whether it trains, or has yet to come to rest. */
  get running(): boolean {
    return this.#training !== null;
  }

  /** The last copy of the whole state; null while a start from the seed is as good. */
  get snapshot(): State | null {
    return this.#snapshot;
  }

  /** The step of the last copy, or the one that it began at. */
  get snapshotStep(): number {
    return this.#snapshotStep;
  }

  /** Looks when the other would have looked: it is the same run, on another device. */
  lookAs(other: Loop): void {
    this.#nextAlign = other.#nextAlign;
    this.#nextTest = other.#nextTest;
  }

  /** Measures the alignment before the next step: at once, where none is under way. */
  async lookNow(): Promise<void> {
    if (this.running) this.#lookAsked = true;
    else await this.#align();
  }

  /** Trains until `until` steps are done, or `pause` is called. Rejects with the fault that ended it. */
  run(until: number): Promise<void> {
    this.#stopped = false;
    this.#training = this.#trainAndRest(until);
    return this.#training;
  }

  /** Does something between two steps, when all that came before has been told: at once, where none is under way. */
  between<T>(work: () => Promise<T>): Promise<T> {
    if (!this.running) return work();
    return new Promise((resolve, reject) => this.#errands.push(() => work().then(resolve, reject)));
  }

  /** Stops after the submits that are under way; resolves when they are done. */
  async pause(): Promise<void> {
    this.#stopped = true;
    await this.#training?.catch(() => undefined);
  }

  /** Copies the whole state. */
  async save(): Promise<State> {
    const [snapshot] = await this.pace.aside(() => this.trainer.snapshot());
    this.#snapshot = snapshot;
    this.#snapshotStep = this.trainer.step;
    this.#nextSnapshot = performance.now() + snapshotEvery;
    return snapshot;
  }

  async #trainAndRest(until: number): Promise<void> {
    try {
      await this.#train(until);
    } finally {
      // None may come between the last of them and the rest, or it would wait for ever.
      while (this.#errands.length > 0) await this.#runErrands();
      this.#training = null;
    }
  }

  async #train(until: number): Promise<void> {
    const { trainer } = this;
    const pending: Promise<void>[] = [];
    this.pace.resume();
    try {
      while (!this.#stopped && trainer.step < Math.min(until, this.totalSteps)) {
        if (this.#errands.length > 0) {
          await Promise.all(pending.splice(0));
          await this.pace.aside(() => this.#runErrands());
        }
        if (this.#lookAsked || trainer.step >= this.#nextAlign) {
          await Promise.all(pending.splice(0));
          await this.#align();
        }
        if (trainer.step >= this.#nextTest) {
          await Promise.all(pending.splice(0));
          await this.#test(() => this.#stopped);
          continue;
        }
        if (performance.now() >= this.#nextSnapshot) {
          await Promise.all(pending.splice(0));
          await this.save();
        }
        pending.push(this.#submit(Math.min(until, this.totalSteps, this.#nextAlign, this.#nextTest)));
        if (pending.length === inFlight) await pending.shift();
      }
    } finally {
      await Promise.all(pending);
    }
    // Whoever asked for a certain step wants to see how it stands there.
    const finished = trainer.step >= this.totalSteps;
    if (finished || trainer.step === until) await this.#align();
    if (finished) await this.#test(() => this.#stopped);
    // Asked for while it came to rest.
    if (this.#lookAsked) await this.#align();
  }

  async #runErrands(): Promise<void> {
    for (let errand = this.#errands.shift(); errand; errand = this.#errands.shift()) await errand();
  }

  async #submit(until: number): Promise<void> {
    const { trainer, pace } = this;
    const { step, boundary } = trainer;
    const room = Math.min(until, boundary) - step;
    const count = Math.max(1, Math.min(room, pace.steps));
    const scores = await trainer.train(count);
    pace.took(count, step + count);
    this.#outbox.train(step + count, scores);
    this.#onProgress();
    if (scores.some(({ loss }) => loss.some((value) => !Number.isFinite(value))))
      throw new FaultError(
        'diverged',
        `Training diverged by step ${step + count}: the loss is no longer a number. Lower the learning rate, or what makes the feedback large, and reset.`,
      );
  }

  async #align(): Promise<void> {
    const { trainer, pace } = this;
    const { step } = trainer;
    // What is asked for from here on may be about what this look no longer sees.
    this.#lookAsked = false;
    const [layers, spent] = await pace.aside(() => trainer.align());
    this.#outbox.alignment(step, layers);
    this.#nextAlign = step + Math.max(alignEvery, pace.stepsWorth(this.#lookCost.after(spent), alignShare));
  }

  /** Scores the test images; gives up, until the next time, when `stopped`: a pause must not wait for 10,000 images. */
  async #test(stopped: () => boolean): Promise<void> {
    const { trainer, pace } = this;
    const { step, epochSteps } = trainer;
    const [score, spent] = await pace.aside(() => trainer.test(stopped));
    if (score === null) return;
    this.#outbox.test(step, score);
    const cost = this.#testCost.after(spent);
    const worth = pace.stepsWorth(cost, step < epochSteps ? testShare.first : testShare.later);
    const gap = Math.min(Math.max(step, testEvery.first), testEvery.later);
    const wait = Math.max(gap, worth);
    // Every epoch is tested at its end, unless epochs are so short that too much of the time would go to that.
    const affordable = epochSteps >= pace.stepsWorth(cost, testShare.ends);
    const epochEnd = (from: number): number => Math.ceil(from / epochSteps) * epochSteps;
    const end = epochEnd(step + 1);
    // A test shortly before that of the epoch's end would tell nothing new.
    this.#nextTest = affordable ? (step + 1.5 * wait > end ? end : step + wait) : epochEnd(step + wait);
  }
}
