import type { Experiment, FieldKey } from '../model/experiment.ts';
import { fields } from '../model/fields.ts';
import type { LiveChange } from '../workers/protocol.ts';
import type { History } from './charts/history.ts';
import { describeSetting, valueOf } from './format.ts';
import { hasBegun, sameField, type LabStore } from './store.ts';

/** How long a moving slider may hold back its value, in ms. */
const delay = 60;

interface Host {
  readonly store: LabStore;
  readonly history: History;
  /** Settles when no network is being built. */
  readonly loaded: () => Promise<unknown>;
  /** Gives the command; true when it was carried out. */
  readonly tune: (change: LiveChange) => Promise<boolean>;
  /** The newest step of the run. */
  readonly step: () => number;
  readonly changed: () => void;
}

/** Brings live settings to the running network: many movements of a slider become one command and one mark on the charts. */
export class Tuner {
  private readonly host: Host;
  private readonly keys = new Set<FieldKey>();
  private timer: ReturnType<typeof setTimeout> | undefined;
  /** One command at a time: a slider is faster than a device that cuts millions of connections. Null while there is none. */
  private sending: Promise<void> | null = null;

  constructor(host: Host) {
    this.host = host;
  }

  /** Sends these settings soon, with those that wait already. */
  soon(keys: readonly FieldKey[]): void {
    for (const key of keys) this.keys.add(key);
    if (this.keys.size > 0 && this.sending === null) this.timer ??= setTimeout(() => void this.send(), delay);
  }

  /** Until the network has all that was set. */
  async settled(): Promise<void> {
    while (this.timer !== undefined || this.sending !== null) await (this.sending ?? this.send());
  }

  private send(): Promise<void> {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.sending = this.tune().then((sent) => {
      this.sending = null;
      // What has moved meanwhile.
      if (sent) this.soon([]);
    });
    return this.sending;
  }

  /** False where there was nothing to send, or nobody to send it to. */
  private async tune(): Promise<boolean> {
    const { store, history } = this.host;
    await this.host.loaded();
    const { experiment, loaded } = store.getState();
    if (loaded === null) return false;
    const keys = [...this.keys].filter((key) => fields[key].effect === 'live' && !sameField(key, experiment, loaded));
    this.keys.clear();
    if (keys.length === 0) return false;
    const change = pick(experiment, keys);
    const done = await this.host.tune(change);
    const now = store.getState();
    if (now.loaded === null) return true;
    if (!done) {
      // What was set since is still to be tried.
      const refused = keys.filter((key) => sameField(key, now.experiment, experiment));
      store.setState({ experiment: { ...now.experiment, ...pick(now.loaded, refused) } });
      return true;
    }
    store.setState({ loaded: { ...now.loaded, ...change } });
    if (hasBegun(now)) {
      for (const key of keys) {
        const [label, before] = [describeSetting(key, experiment), valueOf(key, now.loaded)];
        history.mark(this.host.step(), key, label, performance.now(), before);
      }
    }
    this.host.changed();
    return true;
  }
}

const pick = (experiment: Experiment, keys: readonly FieldKey[]): Partial<Experiment> =>
  Object.fromEntries(keys.map((key) => [key, experiment[key]]));
