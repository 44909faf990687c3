import type { Alignment } from '../gpu/alignment.ts';
import type { Score } from '../gpu/history.ts';
import type { Frame, Status } from './protocol.ts';

/** Loss and accuracy of the steps since the last row, in one replica. */
interface Bucket {
  losses: number;
  lowest: number;
  highest: number;
  accuracies: number;
}

/**
 * Collects the news of a run and sends it as frames, one in flight: while the page draws, steps pile up in one bucket
 * (its mean, but also its extremes, so that a spike survives), and memory stays bounded however long the page takes.
 */
export class Outbox {
  readonly #send: (frame: Frame, transfer: Transferable[]) => void;
  #number = 0;
  #inFlight = false;
  #run = 0;
  #status: Status;
  #changed = false;
  #steps = 0;
  #lastStep = 0;
  /** The last steps that news of each kind has come from. */
  #told = { train: 0, test: 0, alignment: 0 };
  #buckets: Bucket[] = [];
  #test: number[] = [];
  #alignment: number[] = [];
  #notices: string[] = [];

  constructor(status: Status, send: (frame: Frame, transfer: Transferable[]) => void) {
    this.#status = status;
    this.#send = send;
  }

  /** Starts another run: news of the old one that was not sent yet is dropped. */
  begin(run: number): void {
    this.#run = run;
    this.#steps = 0;
    this.#buckets = [];
    this.#test = [];
    this.#alignment = [];
    this.#told = { train: 0, test: 0, alignment: 0 };
  }

  status(status: Status): void {
    this.#status = status;
    this.#flushIfIdle();
  }

  notice(text: string): void {
    this.#notices.push(text);
    this.#flushIfIdle();
  }

  /** The scores of the steps that end with step `last`. Steps that a recovered run goes through again are no news. */
  train(last: number, scores: readonly Score[]): void {
    const news = scores.slice(Math.max(0, scores.length - Math.max(0, last - this.#told.train)));
    if (news.length === 0) return;
    this.#told.train = last;
    for (const { loss, accuracy } of news) {
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
    if (step < this.#told.test) return;
    this.#told.test = step;
    this.#test.push(step);
    loss.forEach((value, replica) => this.#test.push(value, accuracy[replica]));
    this.#flushIfIdle();
  }

  alignment(step: number, layers: readonly (readonly Alignment[])[]): void {
    if (step < this.#told.alignment) return;
    this.#told.alignment = step;
    this.#alignment.push(step);
    for (const replicas of layers)
      for (const { angle, ratio, update } of replicas) this.#alignment.push(angle, ratio, update);
    this.#flushIfIdle();
  }

  /** The page has drawn frame `number`. */
  acknowledge(number: number): void {
    if (number !== this.#number) return;
    this.#inFlight = false;
    if (this.#changed) this.#flush();
  }

  #flushIfIdle(): void {
    this.#changed = true;
    if (!this.#inFlight) this.#flush();
  }

  #flush(): void {
    const { losses, steps } = { losses: this.#buckets, steps: this.#steps };
    const train =
      steps === 0
        ? []
        : [this.#lastStep, ...losses.flatMap((b) => [b.losses / steps, b.lowest, b.highest, b.accuracies / steps])];
    const frame: Frame = {
      number: ++this.#number,
      run: this.#run,
      status: this.#status,
      notices: this.#notices,
      train: new Float32Array(train),
      test: new Float32Array(this.#test),
      alignment: new Float32Array(this.#alignment),
    };
    this.#steps = 0;
    this.#test = [];
    this.#alignment = [];
    this.#notices = [];
    this.#changed = false;
    this.#inFlight = true;
    this.#send(frame, [frame.train.buffer, frame.test.buffer, frame.alignment.buffer]);
  }
}

const emptyBucket = (): Bucket => ({ losses: 0, lowest: Infinity, highest: -Infinity, accuracies: 0 });
