import { isKnownId } from '../model/datasets.ts';
import type { Experiment } from '../model/experiment.ts';
import { defaultsFor, fields } from '../model/fields.ts';
import type { Fault } from '../model/fault.ts';
import { ruleOf } from '../model/rules/index.ts';
import { takingOver } from '../model/presets.ts';
import type {
  AddedDataset,
  Answers,
  DeviceKind,
  Frame,
  Loaded,
  NamedFile,
  Outcome,
  Saved,
  Status,
  Synapses,
} from '../workers/protocol.ts';
import { Builds } from './builds.ts';
import type { History } from './charts/history.ts';
import { chosenDevice, deviceChoice } from './choices.ts';
import { Connection } from './connection.ts';
import { Draft } from './draft.ts';
import { RunView } from './run-view.ts';
import { setting } from './format.ts';
import type { Commands, Session, SessionEvents } from './session.ts';
import { Notices } from './notices.ts';
import { hasBegun, isTraining, type LabState, type LabStore } from './store.ts';
import { Tuner } from './tuner.ts';
import { TurnTaking } from './turns.ts';

/** What the page can do: it turns the user's wishes into commands and the worker's news into state and curves. */
export class Lab {
  readonly store: LabStore;
  /** What the page shows of the run. */
  readonly run: RunView;
  /** What it tells beside that. */
  readonly notices: Notices;
  /** The settings on show. */
  readonly draft: Draft;
  readonly turns: TurnTaking;
  private readonly connection: Connection;
  private readonly draw: (drawn: () => void) => void;
  private readonly builds = new Builds(() => {
    if (hasBegun(this.state)) return;
    const load = (): Promise<boolean> => this.load(this.state.experiment, 'seed');
    // It may train although no step is done yet.
    void (this.run.latest.phase === 'running' ? this.keepTraining(load) : load());
  });
  private readonly tuner: Tuner;
  /** Where the run's early phase was to end, and where it does since a rule took over; NaN before one has. */
  private earlyPhase = { from: NaN, to: NaN };

  constructor(
    store: LabStore,
    history: History,
    connect: (events: SessionEvents) => Session,
    draw: (drawn: () => void) => void,
  ) {
    this.store = store;
    this.notices = new Notices(store);
    this.run = new RunView(store, history, (text) => void this.notices.toast(text));
    this.connection = new Connection(connect, store, {
      frame: (frame) => this.receive(frame),
      death: (fault) => this.lose(fault),
    });
    this.draw = draw;
    this.turns = new TurnTaking(this);
    this.tuner = new Tuner({
      store,
      history,
      loaded: () => this.builds.current,
      tune: (change) => this.command((commands) => commands.tune(change)),
      step: () => this.run.latest.step,
      changed: () => draw(() => undefined),
    });
    const { notices, builds, tuner } = this;
    this.draft = new Draft({ store, notices, builds, tuner });
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
    try {
      await this.settled();
      // Whoever paused while a network was being built has taken it back.
      if (this.state.starting) await this.start();
    } finally {
      this.store.setState({ starting: false });
    }
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
    if (await this.startOver()) this.notices.announce('Back at the start');
  };

  /** The first seed that this run did not use. */
  readonly newSeed = async (): Promise<void> => {
    const { experiment } = this.state;
    const seed = (experiment.seed + experiment.replicas) % (fields.seed.max + 1);
    this.store.setState({ experiment: { ...experiment, seed } });
    if (await this.startOver()) this.notices.announce(`Seed ${seed}`);
  };

  /** Puts the queued settings into force and goes on training if it was, or was done: then for as many epochs again. */
  readonly restart = async (from: 'seed' | 'present'): Promise<void> => {
    if (from === 'present') this.beginEarlyPhase();
    if (this.run.latest.phase !== 'finished')
      return void (await this.keepTraining(() => this.load(this.state.experiment, from)));
    if (from === 'present') this.prolong();
    await this.loadAndTrain(from);
  };

  /** Trains this experiment from its seed, in place of the present run. False where it was refused. */
  readonly trainAnew = (experiment: Experiment): Promise<boolean> => {
    this.store.setState({ experiment });
    return this.loadAndTrain('seed');
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
    await this.keepTraining(() =>
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

  /** The rule's own recommendation, at once. */
  readonly recommend = async (): Promise<void> => {
    this.store.setState({ experiment: defaultsFor(this.state.experiment.rule) });
    await this.load(this.state.experiment, 'seed');
  };

  /** The whole state of the run as a safetensors file. Undefined after a fault. */
  readonly save = async (): Promise<Saved | undefined> => {
    await this.settled();
    const save = () => this.connection.ask((commands) => commands.save(() => this.run.history.record()));
    const saving = this.builds.current.then(save, save);
    // Another run's curves must not come in between.
    void this.builds.startWith(saving.then(() => true));
    const saved = (await saving)?.value;
    if (saved !== undefined) this.store.setState({ savedStep: saved.step });
    return saved;
  };

  /** Goes on with the run of a checkpoint, in place of the present one. */
  readonly resume = (file: NamedFile): Promise<boolean> =>
    this.keepTraining(
      () =>
        this.builds.enqueue(async () => {
          const resumed = await this.connection.ask((commands) => commands.resume(file));
          if (resumed === null) return false;
          const { experiment, curves, notices } = resumed.value;
          this.notices.notifyOfSettings(notices);
          this.store.setState({ experiment });
          this.run.begin(resumed.value, experiment, curves);
          this.turnTo(resumed.value, experiment);
          return true;
        }),
      { unlessDone: true },
    );

  /** Reads the files of a data set and chooses it. Undefined after a fault. */
  readonly addDataset = async (files: readonly NamedFile[]): Promise<AddedDataset | undefined> => {
    const added = (await this.connection.ask((commands) => commands.addDataset(files)))?.value;
    if (added === undefined) return undefined;
    const { id, shape, classes } = added;
    void this.askDatasets();
    // A run that has begun on images of the same name keeps those.
    if (!isKnownId(id) && !this.keepsImages(id)) this.store.setState({ own: { shape, classes } });
    this.draft.edit('dataset', id);
    return added;
  };

  /** Whether the run that has begun goes on with the images that it has, whatever comes under this id. */
  readonly keepsImages = (id: string): boolean => hasBegun(this.state) && this.state.loaded?.dataset === id;

  /** Forward against feedback weights of a layer, or null where there is nothing to compare. Undefined after a fault. */
  readonly synapses = async (layer: number): Promise<Synapses | null | undefined> =>
    (await this.connection.ask((commands) => commands.synapses(layer)))?.value;

  /** What the network says to the first test images, by the last test. Null before one; undefined after a fault. */
  readonly answers = async (): Promise<Answers | null | undefined> =>
    (await this.connection.ask((commands) => commands.answers()))?.value;

  readonly dismissFault = (): void => this.store.setState({ fault: null });

  /**
   * Waits for builds and live settings that are pending. A build clears the fault on show, so what comes next must not set its own
   * before; and a step has to use the settings made before it.
   */
  readonly settled = async (): Promise<void> => {
    await this.builds.settled();
    await this.tuner.settled();
  };

  private async start(): Promise<void> {
    const { loaded, experiment } = this.state;
    if (this.run.latest.phase === 'finished')
      return void this.notices.toast('This run is finished. Raise Epochs to go on, or Reset.');
    if (loaded === null) return;
    const [present, next] = [loaded, experiment].map(({ rule }) => ruleOf(rule).name);
    if (present !== next)
      this.notices.toast(`${present} goes on. ${next} waits: restart with it, or let it take over.`);
    await this.command((commands) => commands.start(), 'running');
  }

  /** Builds the network of the settings on show and trains it. False where it was refused. */
  private async loadAndTrain(from: 'seed' | 'present'): Promise<boolean> {
    this.store.setState({ starting: true });
    try {
      const done = await this.load(this.state.experiment, from);
      // Whoever paused meanwhile has taken it back.
      if (done && this.state.starting) await this.train();
      return done;
    } finally {
      this.store.setState({ starting: false });
    }
  }

  /** A run that is done goes on for as long as it was to be. */
  private prolong(): void {
    const { experiment, loaded } = this.state;
    const epochs = Math.min(experiment.epochs + (loaded?.epochs ?? 0), fields.epochs.max);
    this.store.setState({ experiment: { ...experiment, epochs } });
  }

  /** A rule that takes over has its early phase from here on, as its feedback begins here. */
  private beginEarlyPhase(): void {
    const { experiment, loaded, network } = this.state;
    if (loaded === null || network === null || loaded.rule === experiment.rule) return;
    const next = takingOver(experiment, loaded.rule, this.run.latest.step / network.stepsPerEpoch);
    if (next === experiment) return;
    this.earlyPhase = { from: this.unmoved(experiment).earlyEpochs, to: next.earlyEpochs };
    this.store.setState({ experiment: next });
    const { name } = ruleOf(next.rule);
    this.notices.toast(`${name} has its early weight decay from here on, until epoch ${setting(next.earlyEpochs)}.`);
  }

  private async openDevice(): Promise<boolean> {
    const outcome = await this.connection.outcome((commands) => commands.open(chosenDevice()));
    if (outcome === null) return false;
    if (!outcome.ok) {
      this.lose(outcome.fault);
      return false;
    }
    this.store.setState({ device: outcome.value });
    void this.askDatasets();
    return this.build(this.state.experiment, 'seed');
  }

  /** Learns which data sets there are. Where that cannot be told, whoever chooses one hears of it. */
  private async askDatasets(): Promise<void> {
    const outcome = await this.connection.outcome((commands) => commands.datasets());
    if (outcome?.ok === true) this.store.setState({ datasets: outcome.value });
  }

  /**
   * Does what may pause the training, even where it is refused, and trains on after it if nobody paused meanwhile; with
   * `unlessDone` only where it was refused.
   */
  private async keepTraining(act: () => Promise<boolean>, { unlessDone = false } = {}): Promise<boolean> {
    // Whoever presses Train meanwhile starts what there is then.
    if (!isTraining(this.state)) return act();
    this.store.setState({ starting: true });
    try {
      const done = await act();
      if (this.state.starting && this.state.loaded !== null && !(done && unlessDone)) await this.train();
      return done;
    } finally {
      this.store.setState({ starting: false });
    }
  }

  /** Back to the start, under the settings on show. What is refused has stopped nothing. */
  private startOver(): Promise<boolean> {
    return this.keepTraining(() => this.load(this.state.experiment, 'seed'), { unlessDone: true });
  }

  private load(experiment: Experiment, from: 'seed' | 'present'): Promise<boolean> {
    if (from === 'present') return this.builds.enqueue(() => this.build(experiment, from));
    const begun = this.unmoved(experiment);
    if (this.state.experiment === experiment) this.store.setState({ experiment: begun });
    return this.builds.enqueue(() => this.build(begun, from));
  }

  /** An experiment whose early phase was moved to where a rule took over, as it was before: that belongs to its run alone. */
  private unmoved(experiment: Experiment): Experiment {
    const { from, to } = this.earlyPhase;
    return experiment.earlyEpochs === to ? { ...experiment, earlyEpochs: from } : experiment;
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
    this.notices.notify(frame.notices);
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
