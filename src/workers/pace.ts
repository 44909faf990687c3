/** How much one submit should take, in milliseconds: about one display frame. */
const frame = 16;
const mostSteps = 256;

/** What something takes that is done again and again: the least of the last times, as a stall of the machine is none of it. */
export class Cost {
  #last: number[] = [];

  /** After it has taken `spent` milliseconds once more. */
  after(spent: number): number {
    this.#last = [...this.#last, spent].slice(-3);
    return Math.min(...this.#last);
  }
}

/** Watches how long steps take, and says how many go into one submit and how often the metrics may interrupt them. */
export class Pace {
  /** Milliseconds of one step, smoothed; unknown before the first. */
  #step: number | null = null;
  #since: number;
  readonly #now: () => number;
  /** [time, step] of the last seconds, for the speed that is shown. */
  #trail: [number, number][] = [];

  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
    this.#since = now();
  }

  /** Steps that fill one display frame, by what the last ones took; one until that is known. */
  get steps(): number {
    return this.#step === null ? 1 : Math.max(1, Math.min(mostSteps, Math.floor(frame / this.#step)));
  }

  /** Training begins or goes on: what lies between was no step. */
  resume(): void {
    this.#since = this.#now();
    this.#trail = [];
  }

  /** `count` steps have just come back, the last of them being step `step`. */
  took(count: number, step: number): void {
    const now = this.#now();
    const each = (now - this.#since) / count;
    this.#step = this.#step === null ? each : 0.8 * this.#step + 0.2 * each;
    this.#since = now;
    this.#trail.push([now, step]);
    while (this.#trail.length > 2 && now - this.#trail[0][0] > 3000) this.#trail.shift();
  }

  /** Runs `work` outside the count of steps; its milliseconds. */
  async aside<T>(work: () => Promise<T>): Promise<[T, number]> {
    const start = this.#now();
    const result = await work();
    const spent = this.#now() - start;
    this.#since += spent;
    return [result, spent];
  }

  /** Steps that take so long that `spent` milliseconds are no more than `share` of them. */
  stepsWorth(spent: number, share: number): number {
    return this.#step ? Math.ceil(spent / (share * this.#step)) : 1;
  }

  /** Steps per second over the last seconds. */
  get speed(): number {
    const [first, last] = [this.#trail[0], this.#trail.at(-1)];
    if (!first || !last || last[0] === first[0]) return this.#step ? 1000 / this.#step : 0;
    return (1000 * (last[1] - first[1])) / (last[0] - first[0]);
  }
}
