import { Toast } from '@base-ui/react/toast';
import type { Restored } from '../model/codec.ts';
import { isKnownId } from '../model/datasets.ts';
import type { Experiment, FieldKey } from '../model/experiment.ts';
import { defaultsFor, fieldKeys, fields } from '../model/fields.ts';
import type { Fault } from '../model/fault.ts';
import { ruleOf } from '../model/rules/index.ts';
import { withRule } from '../model/presets.ts';
import type {
  AddedDataset,
  DeviceKind,
  Frame,
  Loaded,
  NamedFile,
  Outcome,
  Status,
  Synapses,
} from '../workers/protocol.ts';
import { Builds } from './builds.ts';
import type { History } from './charts/history.ts';
import { chosenDevice, deviceChoice } from './choices.ts';
import { Connection } from './connection.ts';
import { RunView } from './run-view.ts';
import type { Commands, Session, SessionEvents } from './session.ts';
import { hasBegun, isTraining, queued, type LabState, type LabStore } from './store.ts';
import { Tuner } from './tuner.ts';

/** More would push the page away. */
const mostNotices = 3;

/** What the page can do: it turns the user's wishes into commands and the worker's news into state and curves. */
export class Lab {
  readonly store: LabStore;
  /** What the page shows of the run. */
  readonly run: RunView;
  /** Short answers that leave by themselves. */
  readonly toasts = Toast.createToastManager();
  private readonly connection: Connection;
  private readonly draw: (drawn: () => void) => void;
  private readonly builds = new Builds(() => {
    if (hasBegun(this.state)) return;
    const load = (): Promise<boolean> => this.load(this.state.experiment, 'seed');
    // It may train although no step is done yet.
    void (this.run.latest.phase === 'running' ? this.goingOn(load) : load());
  });
  private readonly tuner: Tuner;
  /** The notice about the address, or the file, whose settings are on show. */
  private adopted: number | null = null;

  constructor(
    store: LabStore,
    history: History,
    connect: (events: SessionEvents) => Session,
    draw: (drawn: () => void) => void,
  ) {
    this.store = store;
    this.run = new RunView(store, history, (text) => void this.toast(text));
    this.connection = new Connection(connect, store, {
      frame: (frame) => this.receive(frame),
      death: (fault) => this.lose(fault),
    });
    this.draw = draw;
    this.tuner = new Tuner({
      store,
      history,
      loaded: () => this.builds.current,
      tune: (change) => this.command((commands) => commands.tune(change)),
      step: () => this.run.latest.step,
      changed: () => draw(() => undefined),
    });
  }

  private get state(): LabState {
    return this.store.getState();
  }

  /** Starts a worker, gets the device and loads the page's experiment. Also the way on after the worker died. */
  readonly open = async (): Promise<void> => {
    this.run.restart();
    this.store.setState({ loaded: null, network: null, device: null, starting: false, fault: null });
    this.connection.open();
    // Whoever presses Train meanwhile waits for this as for any other loading.
    await this.builds.startWith(this.openDevice());
  };

  readonly toggle = async (): Promise<void> => {
    if (isTraining(this.state)) await this.pause();
    // After a fault there is nothing to train, as the button says.
    else if (this.state.status.phase !== 'fault') await this.train();
  };

  readonly train = async (): Promise<void> => {
    this.store.setState({ starting: true });
    await this.settled();
    const { starting, loaded } = this.state;
    // Whoever paused while a network was being built has taken it back.
    if (!starting) return;
    if (this.run.latest.phase === 'finished') this.toast('This run is finished. Raise Epochs to go on, or Reset.');
    else if (loaded !== null) {
      const { experiment } = this.state;
      const [present, next] = [loaded, experiment].map(({ rule }) => ruleOf(rule).name);
      if (present !== next) this.toast(`${present} goes on. ${next} waits: restart with it, or let it take over.`);
      await this.command((commands) => commands.start(), 'running');
    }
    this.store.setState({ starting: false });
  };

  readonly pause = async (): Promise<void> => {
    this.store.setState({ starting: false });
    const running = this.run.latest.phase === 'running';
    await this.command((commands) => commands.pause(), running ? 'paused' : undefined);
  };

  readonly step = async (): Promise<void> => {
    if (isTraining(this.state) || this.state.status.phase === 'fault') return;
    await this.settled();
    if (this.state.loaded !== null) await this.command((commands) => commands.step(1));
  };

  /** Back to the start, from the same seed. Settings that wait for a restart take effect. */
  readonly reset = async (): Promise<void> => {
    if (await this.startOver()) this.announce('Back at the start');
  };

  /** The first seed that this run did not use. */
  readonly newSeed = async (): Promise<void> => {
    const { experiment } = this.state;
    const seed = (experiment.seed + experiment.replicas) % (fields.seed.max + 1);
    this.store.setState({ experiment: { ...experiment, seed } });
    if (await this.startOver()) this.announce(`Seed ${seed}`);
  };

  /** Puts the queued settings into force and goes on training if it was. */
  readonly restart = async (from: 'seed' | 'present'): Promise<void> => {
    await this.goingOn(() => this.load(this.state.experiment, from));
  };

  /** Takes the run as it stands to a device of another kind, for the next visits too, and goes on training if it was. */
  readonly move = async (kind: DeviceKind): Promise<void> => {
    // What was edited is built first: this builds nothing of the page's settings.
    await this.settled();
    if (this.state.loaded === null) {
      // There is nothing to take along, perhaps because it does not fit the device that there is.
      deviceChoice.value = kind;
      return this.open();
    }
    await this.goingOn(() =>
      this.builds.enqueue(async () => {
        const answer = await this.connection.ask((commands) => commands.move(kind));
        const { loaded } = this.state;
        if (answer === null || loaded === null) return false;
        this.store.setState({ device: answer.value.device });
        this.turnTo(answer.value, loaded);
        // What was asked for: where it was not to be had, it may be the next time.
        deviceChoice.value = kind;
        return true;
      }),
    );
  };

  /** Takes the queued settings back. */
  readonly discard = (): void => {
    const { experiment, loaded } = this.state;
    this.store.setState({ experiment: loaded ?? experiment });
    this.forgive();
  };

  readonly chooseRule = (rule: string): void => {
    this.adoptExperiment(withRule(this.state.experiment, rule));
    const { loaded } = this.state;
    if (!hasBegun(this.state) || loaded === null || loaded.rule === rule) return;
    const [present, next] = [loaded.rule, rule].map((id) => ruleOf(id).name);
    this.announce(`This run learns by ${present}. ${next} waits: restart with it, or let it take over.`);
  };

  /** The rule's own recommendation, at once. */
  readonly recommend = async (): Promise<void> => {
    this.store.setState({ experiment: defaultsFor(this.state.experiment.rule) });
    await this.load(this.state.experiment, 'seed');
  };

  readonly edit = <Key extends FieldKey>(key: Key, value: Experiment[Key]): void => {
    this.store.setState({ experiment: { ...this.state.experiment, [key]: value } });
    if (fields[key].effect === 'live') return this.tuner.soon([key]);
    this.forgive();
    if (!hasBegun(this.state)) this.builds.soon();
  };

  /** Takes over what an address says. */
  readonly adopt = ({ experiment, notices }: Restored): void => {
    // What was told of another one is over.
    if (this.adopted !== null) this.dismiss(this.adopted);
    this.adopted = this.notify(notices);
    this.adoptExperiment(experiment);
  };

  /** The whole state of the run as a safetensors file. Undefined after a fault. */
  readonly save = async (): Promise<Uint8Array | undefined> => {
    await this.settled();
    const saved = (await this.connection.ask((commands) => commands.save(this.run.history.record())))?.value;
    if (saved !== undefined) this.store.setState({ savedStep: this.run.latest.step });
    return saved;
  };

  /** Goes on with the run of a checkpoint, in place of the present one. */
  readonly resume = (file: NamedFile): Promise<boolean> =>
    this.goingOn(
      () =>
        this.builds.enqueue(async () => {
          const resumed = await this.connection.ask((commands) => commands.resume(file));
          if (resumed === null) return false;
          const { experiment, curves, notices } = resumed.value;
          this.notify(notices);
          this.store.setState({ experiment });
          this.run.begin(resumed.value, experiment, curves);
          this.turnTo(resumed.value, experiment);
          return true;
        }),
      (done) => !done,
    );

  /** Reads the files of a data set and chooses it. Undefined after a fault. */
  readonly addDataset = async (files: readonly NamedFile[]): Promise<AddedDataset | undefined> => {
    const added = (await this.connection.ask((commands) => commands.addDataset(files)))?.value;
    if (added === undefined) return undefined;
    const { id, shape, classes } = added;
    // A run that has begun on images of the same name keeps those.
    if (!isKnownId(id) && !this.keepsImages(id)) this.store.setState({ own: { shape, classes } });
    this.edit('dataset', id);
    return added;
  };

  /** Whether the run that has begun goes on with the images that it has, whatever comes under this id. */
  readonly keepsImages = (id: string): boolean => hasBegun(this.state) && this.state.loaded?.dataset === id;

  /** Forward against feedback weights of a layer, or null where there is nothing to compare. Undefined after a fault. */
  readonly synapses = async (layer: number): Promise<Synapses | null | undefined> =>
    (await this.connection.ask((commands) => commands.synapses(layer)))?.value;

  /** Tells what was found at once in one notice, whose number it returns, if any; of many the latest stay. */
  readonly notify = (texts: readonly string[]): number | null => {
    if (texts.length === 0) return null;
    const { notices } = this.state;
    const notice = { id: (notices.at(-1)?.id ?? 0) + 1, text: texts.join(' ') };
    this.store.setState({ notices: [...notices, notice].slice(-mostNotices) });
    return notice.id;
  };

  readonly dismiss = (id: number): void =>
    this.store.setState({ notices: this.state.notices.filter((notice) => notice.id !== id) });

  /** Returns the way to take it back. */
  readonly toast = (description: string): (() => void) => {
    const id = this.toasts.add({ description });
    return () => this.toasts.close(id);
  };

  readonly dismissFault = (): void => this.store.setState({ fault: null });

  readonly announce = (announcement: string): void => this.store.setState({ announcement });

  /**
   * Until what was edited is built, or in force: a build wipes the page's fault away, and must not wipe that of what comes next;
   * and a step is to be done by what was set before it.
   */
  readonly settled = async (): Promise<void> => {
    await this.builds.settled();
    await this.tuner.settled();
  };

  /** A refusal is over once the settings are again those of the run, which it has left as it was. */
  private forgive(): void {
    const { experiment, loaded, status } = this.state;
    const intact = loaded !== null && status.phase !== 'fault';
    if (intact && queued(experiment, loaded).length === 0) this.dismissFault();
  }

  /** A whole experiment replaces the settings: at once while nothing would be lost, else it waits for the user's word. */
  private adoptExperiment(experiment: Experiment): void {
    this.store.setState({ experiment });
    const { loaded } = this.state;
    if (!hasBegun(this.state)) this.builds.soon();
    else if (queued(experiment, loaded).length === 0) this.tuner.soon(fieldKeys);
  }

  private async openDevice(): Promise<boolean> {
    const outcome = await this.connection.outcome((commands) => commands.open(chosenDevice()));
    if (outcome === null) return false;
    if (!outcome.ok) {
      this.lose(outcome.fault);
      return false;
    }
    this.store.setState({ device: outcome.value });
    return this.build(this.state.experiment, 'seed');
  }

  /** Does what pauses the training, and goes on after it if it was under way and nobody paused meanwhile. */
  private async goingOn(
    act: () => Promise<boolean>,
    // What was refused may have paused, too.
    goesOn: (done: boolean) => boolean = () => true,
  ): Promise<boolean> {
    // Whoever presses Train meanwhile starts what there is then.
    if (!isTraining(this.state)) return act();
    this.store.setState({ starting: true });
    const done = await act();
    if (this.state.starting && this.state.loaded !== null && goesOn(done)) await this.train();
    this.store.setState({ starting: false });
    return done;
  }

  /** Back to the start, under the settings on show. What is refused has stopped nothing. */
  private startOver(): Promise<boolean> {
    return this.goingOn(
      () => this.load(this.state.experiment, 'seed'),
      (done) => !done,
    );
  }

  private load(experiment: Experiment, from: 'seed' | 'present'): Promise<boolean> {
    return this.builds.enqueue(() => this.build(experiment, from));
  }

  private async build(experiment: Experiment, from: 'seed' | 'present'): Promise<boolean> {
    if (this.state.device === null) return false;
    this.store.setState({ fault: null });
    // When it is refused, the network that was there is still there; the settings stay, for the user to correct.
    const answer = await this.connection.ask((commands) => commands.load(experiment, from));
    if (answer === null) return false;
    const loaded = answer.value;
    if (from === 'present') this.run.goOn(loaded, experiment);
    else this.run.begin(loaded, experiment);
    this.turnTo(loaded, experiment);
    return true;
  }

  /** The worker holds this network now. */
  private turnTo(loaded: Loaded, experiment: Experiment): void {
    this.run.turnTo(loaded, experiment);
    // What was edited while the network was being built.
    this.tuner.soon([]);
    this.draw(() => undefined);
  }

  /** Gives a command; true when it was carried out. */
  private async command(give: (commands: Commands) => Promise<Outcome>, phase?: Status['phase']): Promise<boolean> {
    const done = (await this.connection.ask(give)) !== null;
    if (done && phase !== undefined) this.run.expect(phase);
    return done;
  }

  private receive(frame: Frame): void {
    this.run.receive(frame);
    this.notify(frame.notices);
    const { device } = frame.status;
    // A device may be another one after a loss; the same one is not a new state.
    if (device !== null && device.name !== this.state.device?.name) this.store.setState({ device });
    this.draw(() => this.connection.acknowledge(frame.number));
  }

  private lose(fault: Fault): void {
    this.store.setState({ fault, loaded: null, network: null, starting: false });
    this.run.end();
  }
}
