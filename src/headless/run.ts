import type { Dataset } from '../data/dataset.ts';
import type { Alignment } from '../gpu/alignment.ts';
import { type Checkpoint, initialise, resume, stateOf, writeCheckpoint } from '../gpu/checkpoint.ts';
import type { Device } from '../gpu/device.ts';
import { type Score, Trainer } from '../gpu/trainer.ts';
import { printExperiment } from '../model/codec.ts';
import type { Experiment } from '../model/experiment.ts';
import { nextBoundary } from '../model/schedule.ts';
import { closeDevice, type DeviceKind, openDevice } from './device.ts';
import type { Metrics, RunFolder } from './folder.ts';
import type { Interruption } from './interruption.ts';
import { barOf, type Progress } from './progress.ts';

/** What a run needs beside its experiment. */
export interface RunOptions {
  readonly dataset: Dataset;
  readonly device: DeviceKind;
  readonly folder: RunFolder;
  readonly shuffle: boolean;
  /** Where to go on, or what to start from. */
  readonly from: { readonly kind: 'resume' | 'init'; readonly checkpoint: Checkpoint } | null;
  /** Training steps of the whole run, in place of the experiment's epochs. */
  readonly steps: number | undefined;
  /** Steps between log points, in place of one epoch. */
  readonly logEvery: number | undefined;
  /** Steps between checkpoints, in place of one at the end. */
  readonly saveEvery: number | undefined;
  readonly progress: Progress;
  readonly interruption: Interruption;
}

/** How a run ended. `stopped`: by a signal; its last checkpoint is where it goes on. */
export type Ending = 'finished' | 'diverged' | 'stopped';

/** Milliseconds of one submit: short enough to hear a signal and to stay below every driver's watchdog. */
const submitTime = 150;
const mostSteps = 256;

/**
 * Trains an experiment to its end, or until a signal comes, and writes its folder.
 * @throws FileFault when a checkpoint does not fit; FaultError when there is no device, or it is lost
 */
export async function run(experiment: Experiment, options: RunOptions): Promise<Ending> {
  const { dataset, from, shuffle, progress } = options;
  const trainer = new Trainer(experiment, dataset, { shuffle });
  // A file that does not fit should not cost the time of a device.
  if (from?.kind === 'resume') stateOf(trainer, from.checkpoint);
  const device = await openDevice(options.device, trainer.largestBytes);
  progress.say(`${device.name}${device.software && device.kind === 'webgpu' ? ', in software' : ''}`);
  try {
    await trainer.prepare(device);
    if (from?.kind === 'resume') resume(trainer, from.checkpoint);
    if (from?.kind === 'init') {
      const ignored = await initialise(trainer, from.checkpoint);
      if (ignored.length > 0) progress.say(`Not used, because they are not this run's: ${ignored.join(', ')}`);
    }
    return await new Run(trainer, device, options).train();
  } finally {
    trainer.dispose();
    closeDevice(device);
  }
}

/** A prepared trainer on its way through its steps. */
class Run {
  readonly #trainer: Trainer;
  readonly #device: Device;
  readonly #options: RunOptions;
  readonly #total: number;
  readonly #first: number;
  readonly #started = performance.now();
  /** The scores since the last log point. */
  #recent: Score[] = [];
  /** Steps of the next submit. */
  #submit = 1;
  #results: Metrics[] = [];

  constructor(trainer: Trainer, device: Device, options: RunOptions) {
    this.#trainer = trainer;
    this.#device = device;
    this.#options = options;
    this.#total = options.steps ?? trainer.experiment.epochs * trainer.epochSteps;
    this.#first = trainer.step;
  }

  async train(): Promise<Ending> {
    const { folder, interruption, progress } = this.#options;
    const trainer = this.#trainer;
    const { logEvery = trainer.epochSteps, saveEvery = Infinity } = this.#options;
    folder.begin(trainer.experiment, this.#first);
    await trainer.warmUp((done, of) => progress.draw(`Mirroring the weights before training: ${done}/${of}`));
    if (this.#first === 0 || this.#first >= this.#total) await this.#log();
    let diverged = false;
    while (trainer.step < this.#total && !diverged) {
      // Signals are heard between turns of the event loop, and a small network on the CPU would leave none.
      await new Promise((turn) => setImmediate(turn));
      if (interruption.status !== null) {
        await this.#save();
        return 'stopped';
      }
      await this.#step(Math.min(this.#total, next(logEvery, trainer.step), next(saveEvery, trainer.step)));
      diverged = this.#recent.at(-1)?.loss.every((loss) => !Number.isFinite(loss)) ?? false;
      if (trainer.step % logEvery === 0 || trainer.step === this.#total || diverged) await this.#log();
      // What is no number any more cannot be read again.
      if (diverged) break;
      if (trainer.step % saveEvery === 0 || trainer.step === this.#total) await this.#save();
    }
    const seconds = (performance.now() - this.#started) / 1000;
    const { kind, name, software } = this.#device;
    folder.finish({
      step: trainer.step,
      epoch: trainer.step / trainer.epochSteps,
      diverged,
      seconds,
      stepsPerSecond: this.#speed,
      device: { kind, name, software },
      dataset: this.#options.dataset.name,
      experiment: printExperiment(trainer.experiment),
      results: this.#results,
    });
    return diverged ? 'diverged' : 'finished';
  }

  /** Trains some steps, at most up to step `until`. */
  async #step(until: number): Promise<void> {
    const trainer = this.#trainer;
    const { step, experiment, epochSteps } = trainer;
    const count = Math.min(this.#submit, until - step, nextBoundary(experiment, step, epochSteps) - step);
    const started = performance.now();
    const scores = await trainer.train(count);
    const fitting = Math.floor((submitTime * count) / (performance.now() - started));
    this.#submit = Math.max(1, Math.min(2 * this.#submit, fitting, mostSteps));
    this.#recent.push(...scores);
    this.#options.progress.draw(
      barOf({
        step: trainer.step,
        total: this.#total,
        epoch: trainer.step / epochSteps,
        loss: mean(scores.flatMap(({ loss }) => [...loss])),
        stepsPerSecond: this.#speed,
      }),
    );
  }

  get #speed(): number {
    return (1000 * (this.#trainer.step - this.#first)) / (performance.now() - this.#started);
  }

  /** Measures and writes a log point. */
  async #log(): Promise<void> {
    const { folder, progress } = this.#options;
    const trainer = this.#trainer;
    const alignment = await trainer.align();
    const test = await trainer.test();
    const recent = this.#recent.splice(0);
    this.#results = this.#lines('test', test.loss, test.accuracy, alignment);
    // A run that goes on has written the log point on which it stands.
    if (trainer.step > 0 && trainer.step === this.#first) return;
    if (recent.length > 0) {
      const over = (part: keyof Score): number[] =>
        Array.from(test[part], (_, replica) => mean(recent.map((score) => score[part][replica])));
      folder.log(this.#lines('train', over('loss'), over('accuracy'), alignment));
    }
    folder.log(this.#results);
    progress.say(
      `step ${trainer.step}/${this.#total}  test accuracy ${percent(test.accuracy)}  loss ${mean(test.loss).toFixed(4)}` +
        `  angles ${alignment.map((layer) => degrees(layer.map(({ angle }) => angle))).join(' · ')}`,
    );
  }

  #lines(
    split: Metrics['split'],
    loss: Iterable<number>,
    accuracy: Iterable<number>,
    alignment: Alignment[][],
  ): Metrics[] {
    const { step, epochSteps, experiment } = this.#trainer;
    const accuracies = [...accuracy];
    return Array.from(loss, (value, replica) => ({
      step,
      epoch: step / epochSteps,
      split,
      replica,
      seed: experiment.seed + replica,
      loss: defined(value),
      accuracy: defined(accuracies[replica]),
      layers: alignment.map((layer) => ({
        angle: defined(layer[replica].angle),
        ratio: defined(layer[replica].ratio),
        gradAngle: defined(layer[replica].update),
      })),
    }));
  }

  async #save(): Promise<void> {
    this.#options.folder.save(await writeCheckpoint(this.#trainer), this.#trainer.step);
  }
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
