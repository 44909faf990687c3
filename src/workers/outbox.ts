import type { Alignment } from '../gpu/alignment.ts';
import type { Score } from '../gpu/score-ring.ts';
import type { Frame, Status } from './protocol.ts';

/** Loss and accuracy of the steps since the last row, in one replica. */
interface Bucket {
  losses: number;
  lowest: number;
  highest: number;
  accuracies: number;
}

/** What a frame tells of one part of a run. */
type News = Pick<Frame, 'part' | 'back' | 'train' | 'test' | 'alignment'>;

/** Tests, and looks, that wait at most: more than a chart has room for. */
const mostRows = 1024;

/**
 * Collects the news of a run and sends it as frames, one in flight: while the page draws, steps pile up in one bucket
 * (its mean, but also its extremes, so that a spike survives), and tests and looks in lists that are thinned out when they
 * are long. So memory stays bounded however slowly the page draws.
 */
export class Outbox {
  readonly #send: (frame: Frame, transfer: Transferable[]) => void;
  #number = 0;
  #inFlight = false;
  #run = 0;
  #part = 0;
  #status: Status;
  #changed = false;
  #steps = 0;
  #lastStep = 0;
  #back: number | null = null;
  #buckets: Bucket[] = [];
  /** Rows, the first number of each being the step. */
  #test: number[][] = [];
  #alignment: number[][] = [];
  #notices: string[] = [];
  /** What was told of parts of the run that have ended, and is to be sent first. */
  #ended: News[] = [];
  /** Who waits until the page has everything. */
  #waiting: (() => void)[] = [];

  constructor(status: Status, send: (frame: Frame, transfer: Transferable[]) => void) {
    this.#status = status;
    this.#send = send;
  }

  /** Starts another run: news of the old one that was not sent yet is dropped. */
  begin(run: number): void {
    this.#take();
    this.#ended = [];
    this.#run = run;
    this.#part = 0;
  }

  /** The part of the run that is under way. */
  get part(): number {
    return this.#part;
  }

  /** Another network goes on with the run, from `step`: what was told until now is of the part before. */
  takeOver(step: number): void {
    this.#void(step);
    this.#ended.push(this.#take());
    this.#part++;
    this.#back = step;
    this.#flushIfIdle();
  }

  /** The run goes on from `step`, which may lie behind what it has come to: later news is void, sent or not. */
  goBack(step: number): void {
    this.#void(step);
    this.#back = Math.min(step, this.#back ?? step);
    this.#flushIfIdle();
  }

  status(status: Status): void {
    this.#status = status;
    this.#flushIfIdle();
  }

  notice(text: string): void {
    this.#notices.push(text);
    this.#flushIfIdle();
  }

  /** The scores of the steps that end with step `last`. */
  train(last: number, scores: readonly Score[]): void {
    for (const { loss, accuracy } of scores) {
      if (this.#steps++ === 0) this.#buckets = Array.from(loss, emptyBucket);
      this.#buckets.forEach((bucket, replica) => {
        bucket.losses += loss[replica];
        bucket.lowest = Math.min(bucket.lowest, loss[replica]);
        bucket.highest = Math.max(bucket.highest, loss[replica]);
        bucket.accuracies += accuracy[replica];
      });
    }
    this.#lastStep = last;
    this.#flushIfIdle();
  }

  test(step: number, { loss, accuracy }: Score): void {
    this.#test = withRow(this.#test, [step, ...[...loss].flatMap((value, replica) => [value, accuracy[replica]])]);
    this.#flushIfIdle();
  }

  alignment(step: number, layers: readonly (readonly Alignment[])[]): void {
    const row = [step, ...layers.flat().flatMap(({ angle, ratio, updateAngle }) => [angle, ratio, updateAngle])];
    this.#alignment = withRow(this.#alignment, row);
    this.#flushIfIdle();
  }

  /** The page has drawn frame `number`. */
  acknowledge(number: number): void {
    if (number !== this.#number) return;
    this.#inFlight = false;
    if (this.#changed || this.#ended.length > 0) this.#flush();
    else for (const resume of this.#waiting.splice(0)) resume();
  }

  /** Resolves once the page has drawn all there is to tell: to be awaited while nothing more comes. */
  delivered(): Promise<void> {
    // What is not under way has been sent.
    return this.#inFlight ? new Promise((resolve) => this.#waiting.push(resolve)) : Promise.resolve();
  }

  #flushIfIdle(): void {
    this.#changed = true;
    if (!this.#inFlight) this.#flush();
  }

  #flush(): void {
    const ended = this.#ended.shift();
    if (!ended) this.#changed = false;
    const news = ended ?? this.#take();
    const frame: Frame = {
      number: ++this.#number,
      run: this.#run,
      status: this.#status,
      notices: this.#notices,
      ...news,
    };
    this.#notices = [];
    this.#inFlight = true;
    this.#send(frame, [frame.train.buffer, frame.test.buffer, frame.alignment.buffer]);
  }

  /** Forgets what has not been sent of later steps. */
  #void(step: number): void {
    if (this.#lastStep > step) this.#steps = 0;
    this.#test = this.#test.filter(([of]) => of <= step);
    this.#alignment = this.#alignment.filter(([of]) => of <= step);
  }

  /** Takes out all that is to be sent of this part. */
  #take(): News {
    const steps = this.#steps;
    const means = this.#buckets.flatMap((b) => [b.losses / steps, b.lowest, b.highest, b.accuracies / steps]);
    const news: News = {
      part: this.#part,
      back: this.#back,
      train: new Float32Array(steps === 0 ? [] : [this.#lastStep, ...means]),
      test: new Float32Array(this.#test.flat()),
      alignment: new Float32Array(this.#alignment.flat()),
    };
    this.#steps = 0;
    this.#buckets = [];
    this.#back = null;
    this.#test = [];
    this.#alignment = [];
    return news;
  }
}

/** Adds a row. Once there are too many, every second is left out, but neither the first nor the newest. */
function withRow(rows: number[][], row: number[]): number[][] {
  rows.push(row);
  return rows.length < mostRows ? rows : rows.filter((_, i) => i === 0 || i % 2 === 1);
}

const emptyBucket = (): Bucket => ({ losses: 0, lowest: Infinity, highest: -Infinity, accuracies: 0 });
