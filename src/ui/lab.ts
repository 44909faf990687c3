import { Toast } from '@base-ui/react/toast';
import { printField, type Restored } from '../model/codec.ts';
import type { Experiment, FieldKey } from '../model/experiment.ts';
import { defaultsFor, fieldOf, fields, withRule } from '../model/fields.ts';
import type { Fault } from '../model/fault.ts';
import { ruleOf } from '../model/rules/index.ts';
import type { Frame, Outcome, Status } from '../workers/protocol.ts';
import type { History } from './charts/history.ts';
import { setting } from './format.ts';
import type { Session, SessionEvents } from './session.ts';
import { hasBegun, idle, isTraining, queued, sameField, type LabState, type LabStore } from './store.ts';
import { StatusFeed } from './status-feed.ts';

/** How long a moving slider may hold back its value, and an edited setting its new network, in ms. */
const tuneDelay = 60;
const loadDelay = 250;

/** What the page can do: it turns the user's wishes into commands and the worker's news into state and curves. */
export class Lab {
  readonly store: LabStore;
  readonly history: History;
  /** Short answers that leave by themselves. */
  readonly toasts = Toast.createToastManager();
  private readonly connect: (events: SessionEvents) => Session;
  private readonly draw: (drawn: () => void) => void;
  private session: Session | null = null;
  private run = 0;
  /** Frames of a run whose `load` has not answered yet: they travel on another channel. */
  private ahead: Frame[] = [];
  private loading: Promise<boolean> = Promise.resolve(false);
  private loads = 0;
  private tuneTimer: ReturnType<typeof setTimeout> | undefined;
  private loadTimer: ReturnType<typeof setTimeout> | undefined;
  private readonly feed: StatusFeed;
  private readonly tuned = new Set<FieldKey>();

  constructor(
    store: LabStore,
    history: History,
    connect: (events: SessionEvents) => Session,
    draw: (drawn: () => void) => void,
  ) {
    this.store = store;
    this.feed = new StatusFeed(store);
    this.history = history;
    this.connect = connect;
    this.draw = draw;
  }

  private get state(): LabState {
    return this.store.getState();
  }

  /** Starts a worker, gets the device and loads the page's experiment. Also the way on after the worker died. */
  readonly open = async (): Promise<void> => {
    this.session?.close();
    this.run = 0;
    this.ahead = [];
    this.feed.set(idle);
    this.store.setState({ loaded: null, network: null, device: null, starting: false, fault: null });
    const session = this.connect({
      frame: (frame) => this.receive(session, frame),
      death: (fault) => {
        if (session === this.session) this.lose(fault);
      },
    });
    this.session = session;
    // Whoever presses Train meanwhile waits for this as for any other loading.
    this.loading = this.openDevice(session);
    await this.loading;
  };

  readonly toggle = async (): Promise<void> => (isTraining(this.state) ? this.pause() : this.train());

  readonly train = async (): Promise<void> => {
    this.store.setState({ starting: true });
    this.flushLoad();
    await this.loading;
    if (this.state.loaded !== null) await this.command((commands) => commands.start(), 'running');
    this.store.setState({ starting: false });
  };

  readonly pause = async (): Promise<void> => {
    await this.command((commands) => commands.pause(), 'paused');
  };

  readonly step = async (): Promise<void> => {
    this.flushLoad();
    await this.loading;
    if (this.state.loaded !== null) await this.command((commands) => commands.step(1));
  };

  /** Back to the start, from the same seed. Settings that wait for a restart take effect. */
  readonly reset = async (): Promise<void> => {
    if (await this.load(this.state.experiment, 'seed')) this.announce('Back at the start');
  };

  /** The first seed that this run did not use. */
  readonly newSeed = async (): Promise<void> => {
    const { experiment } = this.state;
    const seed = (experiment.seed + experiment.replicas) % (fields.seed.max + 1);
    this.store.setState({ experiment: { ...experiment, seed } });
    if (await this.load(this.state.experiment, 'seed')) this.announce(`Seed ${seed}`);
  };

  /** Puts the queued settings into force and goes on training if it was. */
  readonly restart = async (from: 'seed' | 'present'): Promise<void> => {
    const wasTraining = isTraining(this.state);
    if ((await this.load(this.state.experiment, from)) && wasTraining) await this.train();
  };

  /** Takes the queued settings back. */
  readonly discard = (): void => {
    const { experiment, loaded } = this.state;
    this.store.setState({ experiment: loaded ?? experiment });
  };

  readonly chooseRule = (rule: string): void => this.adoptExperiment(withRule(this.state.experiment, rule));

  /** The rule's own recommendation, at once. */
  readonly recommend = async (): Promise<void> => {
    this.store.setState({ experiment: defaultsFor(this.state.experiment.rule) });
    await this.load(this.state.experiment, 'seed');
  };

  readonly edit = <Key extends FieldKey>(key: Key, value: Experiment[Key]): void => {
    this.store.setState({ experiment: { ...this.state.experiment, [key]: value } });
    if (fields[key].effect === 'live') this.tuneSoon([key]);
    else if (!hasBegun(this.state)) this.loadSoon();
  };

  /** Takes over what an address says. */
  readonly adopt = ({ experiment, notices }: Restored): void => {
    this.notify(notices);
    this.adoptExperiment(experiment);
  };

  readonly notify = (texts: readonly string[]): void => {
    if (texts.length === 0) return;
    const { notices } = this.state;
    const next = (notices.at(-1)?.id ?? 0) + 1;
    this.store.setState({ notices: [...notices, ...texts.map((text, i) => ({ id: next + i, text }))] });
  };

  readonly dismiss = (id: number): void =>
    this.store.setState({ notices: this.state.notices.filter((notice) => notice.id !== id) });

  readonly toast = (description: string): void => void this.toasts.add({ description });

  readonly dismissFault = (): void => this.store.setState({ fault: null });

  readonly announce = (announcement: string): void => this.store.setState({ announcement });

  /** A whole experiment replaces the settings: at once while nothing would be lost, else it waits for the user's word. */
  private adoptExperiment(experiment: Experiment): void {
    this.store.setState({ experiment });
    const { loaded } = this.state;
    if (!hasBegun(this.state)) this.loadSoon();
    else if (queued(experiment, loaded).length === 0) this.tuneSoon(Object.keys(fields) as FieldKey[]);
  }

  private async openDevice(session: Session): Promise<boolean> {
    const outcome = await session.commands.open();
    if (session !== this.session) return false;
    if (!outcome.ok) {
      this.lose(outcome.fault);
      return false;
    }
    this.store.setState({ device: outcome.value });
    return this.build(this.state.experiment, 'seed');
  }

  private loadSoon(): void {
    clearTimeout(this.loadTimer);
    this.loadTimer = setTimeout(() => this.flushLoad(), loadDelay);
  }

  private flushLoad(): void {
    if (this.loadTimer === undefined) return;
    if (!hasBegun(this.state)) void this.load(this.state.experiment, 'seed');
    clearTimeout(this.loadTimer);
    this.loadTimer = undefined;
  }

  /** Loads one network after the other; of several that wait only the last is built. True when it is there. */
  private load(experiment: Experiment, from: 'seed' | 'present'): Promise<boolean> {
    clearTimeout(this.loadTimer);
    this.loadTimer = undefined;
    const ticket = ++this.loads;
    this.loading = this.loading.then(() => (ticket === this.loads ? this.build(experiment, from) : false));
    return this.loading;
  }

  private async build(experiment: Experiment, from: 'seed' | 'present'): Promise<boolean> {
    const { session } = this;
    if (session === null || this.state.device === null) return false;
    this.store.setState({ fault: null });
    const outcome = await session.commands.load(experiment, from);
    if (session !== this.session) return false;
    if (!outcome.ok) {
      // The network that was there is still there; the settings stay as they are, for the user to correct.
      this.store.setState({ fault: outcome.fault });
      return false;
    }
    const { run, network } = outcome.value;
    this.run = run;
    if (from === 'seed') {
      this.history.restart(experiment.rule, network.layers, experiment.replicas);
      this.feed.set({ ...this.feed.latest, phase: 'ready', activity: null, fault: null, step: 0, eta: null });
    } else {
      const { step } = this.feed.latest;
      this.history.changeRule(step, experiment.rule);
      this.history.mark(step, 'rule', ruleOf(experiment.rule).name, performance.now());
    }
    this.store.setState({ loaded: experiment, network, cursor: null });
    const ahead = this.ahead;
    this.ahead = [];
    for (const frame of ahead)
      if (frame.run === run) {
        this.history.append(frame);
        this.feed.show(frame.status);
      }
    // What was edited while the network was being built.
    this.tuneSoon([]);
    this.draw(() => undefined);
    return true;
  }

  private tuneSoon(keys: readonly FieldKey[]): void {
    for (const key of keys) this.tuned.add(key);
    if (this.tuned.size > 0) this.tuneTimer ??= setTimeout(() => void this.tune(), tuneDelay);
  }

  private async tune(): Promise<void> {
    this.tuneTimer = undefined;
    await this.loading;
    const { experiment, loaded } = this.state;
    if (loaded === null) return;
    const keys = [...this.tuned].filter((key) => fields[key].effect === 'live' && !sameField(key, experiment, loaded));
    this.tuned.clear();
    if (keys.length === 0) return;
    const change: Partial<Experiment> = Object.fromEntries(keys.map((key) => [key, experiment[key]]));
    const done = await this.command((commands) => commands.tune(change));
    const now = this.state;
    if (now.loaded === null) return;
    if (!done) {
      this.store.setState({ experiment: { ...now.experiment, ...pick(now.loaded, keys) } });
      return;
    }
    this.store.setState({ loaded: { ...now.loaded, ...change } });
    if (now.status.step > 0)
      for (const key of keys)
        this.history.mark(this.feed.latest.step, key, describe(key, experiment), performance.now());
    this.draw(() => undefined);
  }

  /** Gives a command; true when it was carried out. Its fault is shown. */
  private async command(
    give: (commands: Session['commands']) => Promise<Outcome>,
    phase?: Status['phase'],
  ): Promise<boolean> {
    const { session } = this;
    if (session === null) return false;
    const outcome = await give(session.commands);
    if (session !== this.session) return false;
    // The frame that says so may be a moment behind, and the button must not flicker.
    const { latest } = this.feed;
    if (outcome.ok && phase !== undefined && latest.phase !== 'finished') this.feed.show({ ...latest, phase });
    if (!outcome.ok) this.store.setState({ fault: outcome.fault });
    return outcome.ok;
  }

  private receive(session: Session, frame: Frame): void {
    if (session !== this.session) return;
    if (frame.run === this.run) this.history.append(frame);
    else if (frame.run > this.run) this.ahead.push(frame);
    if (frame.run >= this.run) this.feed.show(frame.status);
    this.notify(frame.notices);
    this.draw(() => session.acknowledge(frame.number));
  }

  private lose(fault: Fault): void {
    this.store.setState({ fault, loaded: null, network: null, starting: false });
    this.feed.show({ ...this.feed.latest, phase: 'fault', activity: null, eta: null });
  }
}

const pick = (experiment: Experiment, keys: readonly FieldKey[]): Partial<Experiment> =>
  Object.fromEntries(keys.map((key) => [key, experiment[key]]));

/** "learning rate 0.02", as a mark says it. */
function describe(key: FieldKey, experiment: Experiment): string {
  const value = experiment[key];
  return `${fieldOf(key).label.toLowerCase()} ${typeof value === 'number' ? setting(value) : printField(key, value)}`;
}
