import type { Restored } from '../model/codec.ts';
import type { Experiment, FieldKey } from '../model/experiment.ts';
import { fieldKeys, fields } from '../model/fields.ts';
import { withRule } from '../model/presets.ts';
import { ruleOf } from '../model/rules/index.ts';
import type { Builds } from './builds.ts';
import type { Notices } from './notices.ts';
import { hasBegun, queued, type LabState, type LabStore } from './store.ts';
import type { Tuner } from './tuner.ts';

interface DraftOptions {
  readonly store: LabStore;
  readonly notices: Pick<Notices, 'announce' | 'notifyOfSettings'>;
  readonly builds: Pick<Builds, 'soon'>;
  readonly tuner: Pick<Tuner, 'soon'>;
}

/**
 * The experiment on show: what the visitor changes of it acts on the run at once where it is live, becomes the network where nothing
 * would be lost, and waits for the visitor's word elsewhere.
 */
export class Draft {
  private readonly store: LabStore;
  private readonly notices: DraftOptions['notices'];
  private readonly builds: DraftOptions['builds'];
  private readonly tuner: DraftOptions['tuner'];

  constructor({ store, notices, builds, tuner }: DraftOptions) {
    this.store = store;
    this.notices = notices;
    this.builds = builds;
    this.tuner = tuner;
  }

  private get state(): LabState {
    return this.store.getState();
  }

  readonly edit = <Key extends FieldKey>(key: Key, value: Experiment[Key]): void => {
    this.store.setState({ experiment: { ...this.state.experiment, [key]: value } });
    if (fields[key].effect === 'live') return this.tuner.soon([key]);
    this.forgive();
    if (!hasBegun(this.state)) this.builds.soon();
  };

  readonly chooseRule = (rule: string): void => {
    this.replace(withRule(this.state.experiment, rule));
    const { loaded } = this.state;
    if (!hasBegun(this.state) || loaded === null || loaded.rule === rule) return;
    const [present, next] = [loaded.rule, rule].map((id) => ruleOf(id).name);
    this.notices.announce(`This run learns by ${present}. ${next} waits: restart with it, or let it take over.`);
  };

  /** Takes over what an address or a file says. */
  readonly adopt = ({ experiment, notices }: Restored): void => {
    this.notices.notifyOfSettings(notices);
    this.replace(experiment);
  };

  /** Takes back what waits. */
  readonly discard = (): void => {
    const { experiment, loaded } = this.state;
    this.store.setState({ experiment: loaded ?? experiment });
    this.forgive();
  };

  /** Another experiment altogether. */
  private replace(experiment: Experiment): void {
    this.store.setState({ experiment });
    const { loaded } = this.state;
    if (!hasBegun(this.state)) this.builds.soon();
    else if (queued(experiment, loaded).length === 0) this.tuner.soon(fieldKeys);
  }

  /** A refusal is over once the settings are again those of the run, which it has left as it was. */
  private forgive(): void {
    const { experiment, loaded, status } = this.state;
    const intact = loaded !== null && status.phase !== 'fault';
    if (intact && queued(experiment, loaded).length === 0) this.store.setState({ fault: null });
  }
}
