import type { Status } from '../workers/protocol.ts';
import { epochsDone } from './panels/epoch.ts';
import { idle, type LabStore } from './store.ts';

/** Figures that change faster than this cannot be read, and epochs cannot be listened to, in ms. */
const interval = 100;
const spokenInterval = 5000;

const phaseWords: Partial<Record<Status['phase'], string>> = {
  running: 'Training',
  paused: 'Paused',
  finished: 'Finished',
  fault: 'Stopped by a fault',
};

const wholeEpochs = ({ step, stepsPerEpoch }: Status): number => Math.floor(epochsDone(step, stepsPerEpoch));

/** Brings the worker's status into the store: turns at once and aloud, moving figures at a pace that can be read. */
export class StatusFeed {
  private readonly store: LabStore;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private nextSpoken = 0;
  /** The phase that was last told of aloud. */
  private told: Status['phase'] = idle.phase;
  /** The newest status, which the store may not show yet. */
  latest: Status = idle;

  constructor(store: LabStore) {
    this.store = store;
  }

  show(status: Status): void {
    const before = this.latest;
    this.latest = status;
    const failed = status.fault !== null && status.fault.text !== before.fault?.text;
    if (failed) this.store.setState({ fault: status.fault });
    const epochs = wholeEpochs(status);
    if (status.phase !== this.told) {
      this.told = status.phase;
      const word = phaseWords[status.phase];
      if (word !== undefined) this.store.setState({ announcement: `${word} at step ${status.step}` });
    } else if (epochs > wholeEpochs(before) && performance.now() >= this.nextSpoken) {
      this.nextSpoken = performance.now() + spokenInterval;
      this.store.setState({ announcement: `Epoch ${epochs} done` });
    }
    if (status.phase === before.phase) this.timer ??= setTimeout(() => this.set(this.latest), interval);
    else this.set(status);
  }

  /** Puts a status into the store without delay and without a word. */
  set(status: Status): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.latest = status;
    this.store.setState({ status });
  }
}
