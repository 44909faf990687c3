import { basename } from 'node:path';
import type { Dataset } from '../data/dataset.ts';
import type { Alignment } from '../gpu/alignment.ts';
import type { Checkpoint } from '../gpu/checkpoint.ts';
import { presentState, writeCheckpoint } from '../gpu/checkpoint-state.ts';
import type { Device, DeviceKind } from '../gpu/device.ts';
import type { Score } from '../gpu/score-ring.ts';
import type { Run, Trainer } from '../gpu/trainer.ts';
import { printExperiment } from '../model/codec.ts';
import type { Experiment } from '../model/experiment.ts';
import type { Metrics } from '../model/metrics.ts';
import type { RunFolder } from './folder.ts';
import type { Interruption } from './interruption.ts';
import { barOf, type Progress } from './progress.ts';

/** A run to do. */
export interface Job {
  readonly experiment: Experiment;
  /** Where its results go. */
  readonly folder: RunFolder;
  /** Where to go on, or what to start from. */
  readonly from: { readonly kind: 'resume' | 'init'; readonly checkpoint: Checkpoint } | null;
}

/** What runs need beside their experiments. */
export interface RunOptions {
  readonly dataset: Dataset;
  readonly device: DeviceKind;
  readonly shuffle: boolean;
  /** Training steps of a whole run, in place of the experiment's epochs. */
  readonly steps: number | undefined;
  /** Steps between log points, in place of one epoch. */
  readonly logEvery: number | undefined;
  /** Steps between checkpoints, in place of one at the end. */
  readonly saveEvery: number | undefined;
  readonly progress: Progress;
  readonly interruption: Interruption;
}

/** How a run ended. `stopped`: by a signal; its last checkpoint is where it goes on. */
export type RunOutcome = 'finished' | 'diverged' | 'stopped';

/** Milliseconds of one submit: short enough to hear a signal and to stay below every driver's watchdog. */
const submitTime = 150;
const mostSteps = 256;

/** A run on its way. */
interface Member extends Run {
  readonly folder: RunFolder;
  /** The trainer's replicas that are its networks. */
  readonly replicas: readonly number[];
  outcome: RunOutcome | null;
  results: Metrics[];
}

/** A prepared trainer on its way through its steps, and what its runs write on the way. */
export class Lockstep {
  readonly #trainer: Trainer;
  readonly #device: Device;
  readonly #options: RunOptions;
  readonly #members: readonly Member[];
  readonly #total: number;
  readonly #first: number;
  readonly #started = performance.now();
  /** The scores since the last log point. */
  #recent: Score[] = [];
  /** Steps of the next submit. */
  #submit = 1;

  constructor(trainer: Trainer, device: Device, jobs: readonly Job[], options: RunOptions) {
    this.#trainer = trainer;
    this.#device = device;
    this.#options = options;
    this.#members = trainer.runs.map((own, i) => ({
      ...own,
      folder: jobs[i].folder,
      replicas: Array.from({ length: own.experiment.replicas }, (_, r) => own.first + r),
      outcome: null,
      results: [],
    }));
    this.#total = options.steps ?? trainer.experiment.epochs * trainer.epochSteps;
    this.#first = trainer.step;
  }

  /** Trains to the end, or until a signal comes; how each run ended. */
  async train(): Promise<RunOutcome[]> {
    const { interruption, progress } = this.#options;
    const trainer = this.#trainer;
    const { logEvery = trainer.epochSteps, saveEvery = Infinity } = this.#options;
    for (const { folder, experiment } of this.#members) folder.begin(experiment, this.#first);
    await trainer.warmUp((done, of) => progress.draw(`Mirroring the weights before training: ${done}/${of}`));
    if (this.#first === 0 || this.#first >= this.#total) await this.#log(this.#members);
    while (trainer.step < this.#total && this.#open.length > 0) {
      // Signals are heard between turns of the event loop, and a small network on the CPU would leave none.
      await new Promise((turn) => setImmediate(turn));
      if (interruption.status !== null) {
        await this.#save();
        for (const member of this.#open) member.outcome = 'stopped';
        break;
      }
      const { loss } = await this.#step(
        Math.min(this.#total, next(logEvery, trainer.step), next(saveEvery, trainer.step)),
      );
      const diverged = this.#open.filter(({ replicas }) => replicas.every((r) => !Number.isFinite(loss[r])));
      if (trainer.step % logEvery === 0 || trainer.step === this.#total) {
        await this.#log(this.#open);
        this.#recent = [];
      } else if (diverged.length > 0) await this.#log(diverged);
      // A run without any number goes nowhere: it ends here, and is not saved. One with some left goes on with those.
      for (const member of diverged) this.#finish(member, 'diverged');
      if (this.#open.length > 0 && (trainer.step % saveEvery === 0 || trainer.step === this.#total)) await this.#save();
    }
    for (const member of this.#open) this.#finish(member, 'finished');
    return this.#members.map(({ outcome }) => outcome as RunOutcome);
  }

  /** The runs that have not ended. */
  get #open(): Member[] {
    return this.#members.filter(({ outcome }) => outcome === null);
  }

  /** Trains some steps, at most up to step `until`; the score of the last one. */
  async #step(until: number): Promise<Score> {
    const trainer = this.#trainer;
    const { step, boundary, epochSteps } = trainer;
    const count = Math.min(this.#submit, until - step, boundary - step);
    const started = performance.now();
    const scores = await trainer.train(count);
    const fitting = Math.floor((submitTime * count) / (performance.now() - started));
    this.#submit = Math.max(1, Math.min(2 * this.#submit, fitting, mostSteps));
    this.#recent.push(...scores);
    const replicas = this.#open.flatMap((member) => member.replicas);
    this.#options.progress.draw(
      barOf({
        step: trainer.step,
        total: this.#total,
        epoch: trainer.step / epochSteps,
        loss: mean(scores.flatMap(({ loss }) => replicas.map((r) => loss[r]))),
        stepsPerSecond: this.#speed,
      }),
    );
    return scores[count - 1];
  }

  get #speed(): number {
    return (1000 * (this.#trainer.step - this.#first)) / (performance.now() - this.#started);
  }

  /** Measures and writes a log point of some runs. */
  async #log(members: readonly Member[]): Promise<void> {
    const trainer = this.#trainer;
    const alignment = await trainer.align();
    const test = await trainer.test();
    const train = this.#recent.length > 0 ? average(this.#recent) : null;
    for (const member of members) {
      member.results = this.#lines(member, 'test', test, alignment);
      // A run that goes on has written the log point on which it stands.
      if (trainer.step > 0 && trainer.step === this.#first) continue;
      if (train) member.folder.log(this.#lines(member, 'train', train, alignment));
      member.folder.log(member.results);
      this.#tell(member, test, alignment);
    }
  }

  #tell({ folder, replicas }: Member, { loss, accuracy }: Score, alignment: Alignment[][]): void {
    const angles = alignment.map((layer) => degrees(replicas.map((r) => layer[r].angle)));
    this.#options.progress.say(
      `${this.#members.length > 1 ? `${basename(folder.path)}  ` : ''}step ${this.#trainer.step}/${this.#total}  ` +
        `test accuracy ${percent(replicas.map((r) => accuracy[r]))}  loss ${mean(replicas.map((r) => loss[r])).toFixed(4)}` +
        `  angles ${angles.join(' · ')}`,
    );
  }

  #lines(
    { experiment, replicas }: Member,
    split: Metrics['split'],
    { loss, accuracy }: Score,
    alignment: Alignment[][],
  ): Metrics[] {
    const { step, epochSteps } = this.#trainer;
    return replicas.map((r, replica) => ({
      step,
      epoch: step / epochSteps,
      split,
      replica,
      seed: experiment.seed + replica,
      loss: defined(loss[r]),
      accuracy: defined(accuracy[r]),
      layers: alignment.map((layer) => ({
        angle: defined(layer[r].angle),
        ratio: defined(layer[r].ratio),
        gradAngle: defined(layer[r].updateAngle),
      })),
    }));
  }

  async #save(): Promise<void> {
    const trainer = this.#trainer;
    const present = await presentState(trainer);
    for (const member of this.#open)
      member.folder.save(await writeCheckpoint(trainer, { run: member, present }), trainer.step);
  }

  #finish(member: Member, outcome: 'finished' | 'diverged'): void {
    const { step, epochSteps } = this.#trainer;
    const { kind, name, software } = this.#device;
    member.outcome = outcome;
    member.folder.finish({
      step,
      epoch: step / epochSteps,
      diverged: outcome === 'diverged',
      seconds: (performance.now() - this.#started) / 1000,
      stepsPerSecond: this.#speed,
      together: this.#members.length,
      device: { kind, name, software },
      dataset: this.#options.dataset.name,
      experiment: printExperiment(member.experiment),
      results: member.results,
    });
  }
}

/** The mean of scores, in each replica. */
function average(scores: readonly Score[]): Score {
  const over = (part: keyof Score): Float64Array =>
    Float64Array.from(scores[0][part], (_, r) => mean(scores.map((score) => score[part][r])));
  return { loss: over('loss'), accuracy: over('accuracy') };
}

/** The next multiple of `every` after `step`. */
const next = (every: number, step: number): number =>
  every === Infinity ? Infinity : (Math.floor(step / every) + 1) * every;

const mean = (values: ArrayLike<number>): number =>
  Array.from(values).reduce((sum, value) => sum + value, 0) / values.length;

const defined = (value: number): number | null => (Number.isFinite(value) ? value : null);

const percent = (shares: ArrayLike<number>): string => `${(100 * mean(shares)).toFixed(2)} %`;

const degrees = (angles: readonly number[]): string =>
  angles.every(Number.isFinite) ? `${mean(angles).toFixed(1)}°` : '–';
