import { isKnownId } from '../model/datasets.ts';
import type { Curves } from '../model/curves.ts';
import type { Experiment } from '../model/experiment.ts';
import { fieldKeys } from '../model/fields.ts';
import { ruleOf } from '../model/rules/index.ts';
import type { Frame, Loaded, Status } from '../workers/protocol.ts';
import { isAmong, makeRoom, nameOf, roomBeside, withEarlier, type EarlierRun } from './charts/earlier.ts';
import type { Keepsake, KeptRun } from './charts/earlier-shelf.ts';
import { History } from './charts/history.ts';
import { freeShade } from './charts/shades.ts';
import { describeSetting, valueOf } from './format.ts';
import type { Opened } from './files/runs.ts';
import { StatusFeed } from './status-feed.ts';
import { idle, sameField, type LabStore } from './store.ts';

/** What the page shows of the worker's run: its curves, its status, and the runs before. */
export class RunView {
  readonly history: History;
  private readonly store: LabStore;
  private readonly tell: (text: string) => void;
  private readonly feed: StatusFeed;
  private run = 0;
  private part = 0;
  /** What the charts are to tell of parts of the run of which no frame has come yet. */
  private takeOvers: { readonly part: number; readonly tell: () => void }[] = [];
  /** The settings under which the run's newest step was done; null before the first. */
  private taught: Experiment | null = null;
  /** Frames of a run whose answer has not come yet: they travel on another channel. */
  private ahead: Frame[] = [];
  /** When the run began, and when the last one did that was opened or begun. */
  private began = 0;
  private last = 0;
  private stepsPerEpoch = 0;
  /** Runs that were ever kept to compare with. */
  private kept = 0;

  /** `tell` says something in passing. */
  constructor(store: LabStore, history: History, tell: (text: string) => void) {
    this.store = store;
    this.tell = tell;
    this.history = history;
    this.feed = new StatusFeed(store);
  }

  /** The newest status, which the page may not show yet. */
  get latest(): Status {
    return this.feed.latest;
  }

  /** Another worker, which counts its runs anew. */
  restart(): void {
    this.run = 0;
    this.part = 0;
    this.takeOvers = [];
    this.ahead = [];
    this.feed.set(idle);
  }

  /** A new run: its curves, but for those that it brings along, and its status start afresh. The one before stays to compare with. */
  begin({ network, step }: Loaded, experiment: Experiment, curves: Curves | null = null): void {
    const { earlier, view } = this.store.getState();
    const before = this.standing();
    if (before !== null) {
      const { experiment: taught, stepsPerEpoch } = before;
      const run = { ...before, ...this.history.asEarlier(taught, stepsPerEpoch), number: this.kept + 1 };
      const all = withEarlier(earlier, run);
      if (all !== earlier) this.kept++;
      const { kept, gone } = makeRoom(all);
      if (gone.length > 0) this.tell(`${gone.map(nameOf).join(', ')} made room: ${kept.length} earlier runs are kept.`);
      this.store.setState({ earlier: kept });
    }
    this.taught = curves === null ? null : experiment;
    this.began = this.moment();
    this.stepsPerEpoch = network.stepsPerEpoch;
    this.takeOvers = [];
    this.store.setState({ savedStep: step, view: { ...view, steps: null } });
    this.history.restart(experiment.rule, network.layers, experiment.replicas);
    if (curves !== null) this.history.replay(curves, step);
    this.showTest();
    this.feed.set({ ...this.latest, phase: 'ready', activity: null, fault: null, step: 0, eta: null });
  }

  /** The same run under other settings: the charts tell from where on, once all that the ones before have taught has come. */
  goOn({ part, step }: Loaded, experiment: Experiment): void {
    const { loaded } = this.store.getState();
    const tell = (): void => {
      for (const key of fieldKeys)
        if (key !== 'rule' && loaded !== null && !sameField(key, experiment, loaded))
          this.history.mark(step, key, describeSetting(key, experiment), performance.now(), valueOf(key, loaded));
      this.history.changeRule(step, experiment.rule, ruleOf(experiment.rule).name);
    };
    this.takeOvers.push({ part, tell });
    // The frame that says so may be a moment behind.
    if (this.latest.phase === 'finished') this.feed.set({ ...this.latest, phase: 'ready' });
  }

  /** The worker holds this network now. */
  turnTo({ run, part, network, dataset }: Loaded, experiment: Experiment): void {
    this.run = run;
    this.part = part;
    const own = isKnownId(experiment.dataset) ? this.store.getState().own : dataset;
    this.store.setState({ loaded: experiment, network, own, cursor: null, anchor: null });
    const { ahead } = this;
    this.ahead = [];
    for (const frame of ahead) if (frame.run === run) this.receive(frame);
  }

  /** News of the run, or of one that is still to be answered for. */
  receive(frame: Frame): void {
    const { run, part } = frame;
    if (run > this.run || (run === this.run && part > this.part)) this.ahead.push(frame);
    else if (run === this.run) {
      while (this.takeOvers.length > 0 && this.takeOvers[0].part <= part) this.takeOvers.shift()?.tell();
      if (frame.back !== null) this.history.rewind(frame.back);
      this.history.append(frame);
      this.showTest();
      if (frame.train.length > 0 && part === this.part) this.taught = this.store.getState().loaded;
    }
    if (run >= this.run) this.feed.show(frame.status);
  }

  /** A command was carried out: the frame that says so may be a moment behind, and the button must not flicker. */
  expect(phase: Status['phase']): void {
    const over = this.latest.phase === 'finished' || this.latest.phase === 'fault';
    // Not aloud: the last steps are still to come.
    if (!over) this.feed.set({ ...this.latest, phase });
  }

  /** There is no worker any more. */
  end(): void {
    this.feed.show({ ...this.latest, phase: 'fault', activity: null, eta: null });
  }

  /** What is to be kept of the run as it stands, so that a later visit can compare with it; null where there is none. */
  keepsake(): Keepsake | null {
    const standing = this.standing();
    return standing && { ...standing, curves: this.history.record() };
  }

  /** Compares with the runs of a visit before, too. */
  recall(runs: readonly KeptRun[]): void {
    const { earlier } = this.store.getState();
    const numbered = runs.map((run) => ({ ...run, number: ++this.kept }));
    const all = [...numbered, ...earlier].reduce<readonly EarlierRun[]>(withEarlier, []);
    this.store.setState({ earlier: makeRoom(all).kept });
  }

  /**
   * Takes in runs of files, to compare with, that do not stand there yet: those that have room, the last ones first, as none is to
   * lose its place. Returns them, and how many were left out for want of room.
   */
  compare(runs: readonly Opened[]): { readonly added: readonly EarlierRun[]; readonly left: number } {
    const { earlier } = this.store.getState();
    const others = runs
      .map(({ file, experiment, curves, stepsPerEpoch }) => ({
        ...History.of(curves).asEarlier(experiment, stepsPerEpoch),
        file,
      }))
      .filter((run) => !isAmong(earlier, run));
    const left = Math.max(0, others.length - roomBeside(earlier));
    let all = earlier;
    for (const run of others.slice(left))
      all = [...all, { ...run, number: ++this.kept, time: this.moment(), shown: true, shade: freeShade(all, run) }];
    this.store.setState({ earlier: all });
    return { added: all.slice(earlier.length), left };
  }

  /** Shows an earlier run on the charts, or hides it there. */
  toggle(number: number): void {
    const { earlier } = this.store.getState();
    this.store.setState({
      earlier: earlier.map((run) => (run.number === number ? { ...run, shown: !run.shown } : run)),
    });
  }

  /** Gives up these earlier runs. Returns the way to have them back. */
  forget(runs: readonly EarlierRun[]): () => void {
    const { earlier } = this.store.getState();
    this.store.setState({ earlier: earlier.filter((run) => !runs.includes(run)), pointed: null });
    return () => {
      const since = this.store.getState().earlier.filter((run) => !runs.includes(run));
      this.store.setState({ earlier: [...runs, ...since].toSorted((a, b) => a.number - b.number) });
    };
  }

  /** Puts the newest test where React sees it: the history changes too often for that. */
  private showTest(): void {
    const accuracy = this.history.latest('testAccuracy', 0);
    const step = this.history.lastTest;
    const { tested } = this.store.getState();
    if (Number.isNaN(accuracy)) return void (tested && this.store.setState({ tested: null }));
    if (tested?.step !== step || tested.accuracy !== accuracy) this.store.setState({ tested: { accuracy, step } });
  }

  /** The run by all but its curves. Null where there is none. */
  private standing(): Omit<Keepsake, 'curves'> | null {
    const { loaded, earlier } = this.store.getState();
    // After a fault nothing is loaded, but what was taught is still there.
    const experiment = this.taught ?? loaded;
    if (experiment === null) return null;
    const { began: time, stepsPerEpoch } = this;
    return { time, shown: true, shade: freeShade(earlier, this.history), file: null, experiment, stepsPerEpoch };
  }

  /** The time, of each run another one. */
  private moment(): number {
    this.last = Math.max(Date.now(), this.last + 1);
    return this.last;
  }
}
