import { knownDatasets } from '../model/datasets.ts';
import type { Curves } from '../model/curves.ts';
import type { Experiment } from '../model/experiment.ts';
import { defaultExperiment, defaultsFor } from '../model/fields.ts';
import type { Frame, Loaded, Outcome, Status } from '../workers/protocol.ts';
import { History } from './charts/history.ts';
import { Lab } from './lab.ts';
import type { Commands, SessionEvents } from './session.ts';
import { createLabStore, idle } from './store.ts';

export const network = {
  layers: ['layer 1', 'layer 2', 'layer 3'],
  stepsPerEpoch: 937,
  parameters: 0,
  feedbackParameters: 0,
  bytes: 0,
  launches: 0,
};
const empty = new Float32Array(0);

/** A worker that does as it is told, one call after the other, and writes down what that was. */
export class Bench {
  readonly calls: string[] = [];
  readonly acknowledged: number[] = [];
  readonly store = createLabStore(defaultExperiment);
  readonly history = new History();
  events: SessionEvents | null = null;
  /** Workers that were sent home. */
  closed = 0;
  run = 0;
  part = 0;
  /** Steps of the network that it holds. */
  step = 0;
  refuse: string | null = null;
  datasets: readonly string[] = ['mnist'];
  /** Those of the files that it opens. */
  curves: Curves | null = null;
  /** Those that it has saved. */
  filed: Curves | null = null;
  /** How long it tunes, and copies what is to be saved. */
  busy: Promise<void> = Promise.resolve();
  /** How long it builds a network. */
  building: Promise<void> = Promise.resolve();
  /** What comes of a start before it is answered. */
  whenStarted: () => void = () => undefined;
  /** Frames that overtake the answer to `load`. */
  early: Partial<Frame>[] = [];
  private frames = 0;
  readonly lab = new Lab(
    this.store,
    this.history,
    (events) => {
      this.events = events;
      const close = (): void => void this.closed++;
      return { commands: this.commands, acknowledge: (frame) => this.acknowledged.push(frame), close };
    },
    (drawn) => drawn(),
  );

  private get loaded(): Loaded {
    const { run, part, step } = this;
    return { run, part, step, network, dataset: knownDatasets.mnist };
  }

  private done(name: string): Promise<Outcome> {
    this.calls.push(name);
    const fault = { kind: 'invalid', text: 'Refused.' } as const;
    return Promise.resolve(this.refuse === name ? { ok: false, fault } : { ok: true, value: null });
  }

  private readonly commands = {
    open: () => Promise.resolve({ ok: true, value: { kind: 'webgpu', name: 'test', software: false, problem: null } }),
    load: async (experiment: Experiment, from) => {
      const outcome = await this.done(`load ${experiment.rule} ${from} seed ${experiment.seed}`);
      if (!outcome.ok) return outcome;
      await this.building;
      if (from === 'seed') [this.run, this.part] = [this.run + 1, 0];
      else this.part++;
      for (const frame of this.early) this.send(frame);
      return { ok: true, value: this.loaded };
    },
    resume: async ({ name }) => {
      const outcome = await this.done(`resume ${name}`);
      const experiment = { ...defaultsFor('fa'), seed: 9 };
      if (!outcome.ok) return outcome;
      [this.run, this.part] = [this.run + 1, 0];
      return { ok: true, value: { ...this.loaded, step: 40, experiment, curves: this.curves, notices: [] } };
    },
    addDataset: async (files) => {
      const outcome = await this.done(`add ${files.length} files`);
      if (!outcome.ok) return outcome;
      const own = { id: 'own', name: 'Your images', train: 9, test: 3, classes: 3, kept: true };
      return { ok: true, value: { ...own, shape: { height: 6, width: 5, channels: 1 } } };
    },
    move: async (kind) => {
      const outcome = await this.done(`move ${kind}`);
      if (!outcome.ok) return outcome;
      const device = { kind, name: kind, software: true, problem: null };
      this.part++;
      return { ok: true, value: { ...this.loaded, device } };
    },
    datasets: () => Promise.resolve({ ok: true, value: this.datasets }),
    start: () => {
      this.whenStarted();
      return this.done('start');
    },
    pause: () => this.done('pause'),
    step: () => this.done('step'),
    tune: async (change) => {
      const outcome = this.done(`tune ${JSON.stringify(change)}`);
      await this.busy;
      return outcome;
    },
    save: async (curvesOf) => {
      const outcome = await this.done('save');
      await this.busy;
      if (outcome.ok) this.filed = curvesOf();
      return outcome.ok ? { ok: true, value: { bytes: new Uint8Array(8), step: this.step } } : outcome;
    },
    synapses: () => Promise.resolve({ ok: true, value: null }),
    answers: () => Promise.resolve({ ok: true, value: null }),
  } satisfies Commands;

  send(frame: Partial<Frame>): void {
    this.events?.frame({
      number: ++this.frames,
      run: this.run,
      part: this.part,
      status: this.at(0, 'ready'),
      notices: [],
      back: null,
      train: empty,
      test: empty,
      alignment: empty,
      ...frame,
    });
  }

  at(step: number, phase: Status['phase']): Status {
    return { ...idle, stepsPerEpoch: network.stepsPerEpoch, activity: null, phase, step };
  }

  /** A run that is under way. */
  async begin(step = 100): Promise<void> {
    await this.lab.open();
    this.step = step;
    this.send({ status: this.at(step, 'paused'), test: new Float32Array([0, 2, 0.1, step, 0.5, 0.9]) });
    this.calls.length = 0;
  }
}
