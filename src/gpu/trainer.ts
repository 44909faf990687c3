import type { Dataset, Split } from '../data/dataset.ts';
import type { Experiment } from '../model/experiment.ts';
import { FaultError } from '../model/fault.ts';
import { orthogonalRows } from '../model/orthogonal.ts';
import { ratesAt, stepsPerEpoch } from '../model/schedule.ts';
import { sizeOf } from '../model/shape.ts';
import { AlignmentProbe, type Alignment } from './alignment.ts';
import type { Device, Program } from './device.ts';
import { dispatch, type Dispatch } from './kernel.ts';
import { bindingWords, gather } from './kernels/gather.ts';
import { score } from './kernels/score.ts';
import { Network } from './network.ts';
import { drawParameter, sparsifyParameter, type Common, type Parameter } from './parameter.ts';
import { recordMirror } from './mirror.ts';
import { Backward, Pass, type Perturbation, type Sink, type Value } from './pass.ts';
import { Plan } from './plan.ts';
import { bytesOf, type Numbers, type Tensor } from './tensor.ts';

/** Steps whose loss the device remembers until they are read. */
const historySlots = 1024;
/** Test images that go through the network at once: at most so many, and no more than this many numbers of activations. */
const mostTested = 500;
const testNumbers = 2 ** 25;
/** Mirror steps in one submit before training. */
const warmUpChunk = 10;

/** Loss and accuracy of one step, or of a whole test, in each replica. */
export interface Score {
  readonly loss: Float64Array;
  readonly accuracy: Float64Array;
}

/** How a trainer differs from the ordinary one. */
export interface TrainerOptions {
  /** Take the training images in their order. */
  readonly shuffle?: boolean;
  /** Noise and redrawn tensors are written by `inject` and not drawn. */
  readonly injected?: boolean;
}

/** What a trainer does: draw the networks, cut or mirror their feedback, train a step, measure the alignment, score a test batch. */
type ProgramName = 'draw' | 'sparsify' | 'mirror' | 'step' | 'probe' | 'test';

/** A data set's split as it lies on the device. */
interface Loaded {
  readonly split: Split;
  /** In one piece, or in two where a binding has no room for all. */
  readonly images: readonly Tensor[];
  readonly classes: Tensor;
}

/**
 * An experiment's networks on a device: laid out, compiled and recorded once; training then only replays. It knows
 * what a step is, and nothing of time, messages or the page.
 */
export class Trainer {
  readonly network: Network;
  readonly epochSteps: number;
  /** Whether the images come in a new order in every epoch. */
  readonly shuffle: boolean;
  /** Bytes of all its memory, and of the largest piece that has to be bound at once. */
  readonly bytes: number;
  readonly largestBytes: number;
  readonly #plan: Plan;
  readonly #common: Common;
  readonly #history: Tensor;
  readonly #testHistory: Tensor;
  readonly #testClock: Tensor;
  readonly #mirrorClock: Tensor;
  readonly #train: Loaded;
  readonly #test: Loaded;
  readonly #probe: AlignmentProbe;
  readonly #recorded: Readonly<Record<ProgramName, Dispatch[]>>;
  #device: Device | null = null;
  #programs: Readonly<Record<ProgramName, Program>> | null = null;
  #experiment: Experiment;
  #step = 0;
  #mirrored = false;

  /**
   * Lays out an experiment on a data set and records its programs. Takes no memory yet: `bytes` says how much it will.
   * Throws a FaultError('invalid') when the network does not fit the images.
   */
  constructor(experiment: Experiment, dataset: Dataset, { shuffle = true, injected = false }: TrainerOptions = {}) {
    this.#experiment = experiment;
    this.shuffle = shuffle;
    const plan = new Plan(experiment.replicas);
    this.#plan = plan;
    this.#common = {
      seed: plan.tensor('seed', 1, { type: 'u32' }),
      clock: plan.tensor('clock', 1, { type: 'u32' }),
      rates: plan.tensor('rates', 4),
      still: plan.tensor('still', 4),
      injected,
    };
    this.#train = this.#load('train', dataset.train, sizeOf(dataset.shape));
    this.#test = this.#load('test', dataset.test, sizeOf(dataset.shape));
    this.epochSteps = stepsPerEpoch(dataset.train.count, experiment.batch);
    this.network = new Network(plan, experiment, dataset.shape, dataset.classes);
    this.#history = plan.tensor('history', 2 * historySlots);
    this.#testHistory = plan.tensor('test.history', 2 * this.#testSteps);
    this.#testClock = plan.tensor('test.clock', 1, { type: 'u32' });
    const probeClock = plan.tensor('probe.clock', 1, { type: 'u32' });
    const { clock } = this.#common;

    const training = (to: Tensor, history: Tensor): { pass: Pass; output: Value } =>
      this.#forward({
        name: 'train',
        batch: experiment.batch,
        from: this.#train,
        dataset,
        shuffle,
        clock,
        scoreClock: to,
        history,
      });
    const step = training(clock, this.#history);
    const sink: Sink = {
      take: (weight) => ({ velocity: weight.velocity as Tensor, rates: this.#common.rates }),
      feedbackLearns: true,
    };
    const back = new Backward(step.pass, this.network.rule, experiment, sink, step.output);
    // The probe looks at the batch that comes next, so its score must not move the training's clock.
    const look = training(probeClock, plan.tensor('probe.history', 2 * historySlots));
    this.#probe = new AlignmentProbe(plan, this.network, look.pass, look.output);
    const testing = this.#forward({
      name: 'test',
      batch: this.#testBatch,
      from: this.#test,
      dataset,
      shuffle: false,
      clock: this.#testClock,
      scoreClock: this.#testClock,
      history: this.#testHistory,
    });
    const { parameters, rule, weights } = this.network;
    this.#mirrorClock = plan.tensor('mirror.clock', 1, { type: 'u32' });
    const phase = new Pass(plan, this.#common, 'mirror', experiment.mirrorBatch, false);
    const mirror = recordMirror(phase, this.#mirrorClock, weights, rule, experiment);
    this.#recorded = {
      draw: parameters.flatMap((parameter) => drawParameter(parameter, this.#common)),
      sparsify: parameters.flatMap((parameter) => sparsifyParameter(parameter, this.#common)),
      mirror,
      step: [...step.pass.dispatches, ...back.dispatches, ...mirror],
      probe: [...look.pass.dispatches, ...this.#probe.dispatches],
      test: testing.pass.dispatches,
    };
    this.bytes = bytesOf(plan.tensors);
    this.largestBytes = Math.max(...plan.tensors.map((tensor) => bytesOf([tensor])));
  }

  /** Training steps done. */
  get step(): number {
    return this.#step;
  }

  /** Dispatches of one training step. */
  get dispatches(): number {
    return this.#recorded.step.length;
  }

  get experiment(): Experiment {
    return this.#experiment;
  }

  /** Takes the memory, compiles, and draws the networks from their seeds. Call once, first. */
  async prepare(device: Device): Promise<void> {
    const { experiment } = this;
    await device.allocate(this.#plan.tensors);
    this.#device = device;
    try {
      for (const { split, images, classes } of [this.#train, this.#test]) {
        const words = wordsOf(split.images);
        let start = 0;
        for (const piece of images) device.write(piece, words.subarray(start, (start += piece.size)));
        device.write(classes, new Uint32Array(split.labels));
      }
      for (const [tensor, numbers] of this.#plan.constants) device.write(tensor, numbers);
      device.write(
        this.#common.seed,
        Uint32Array.from({ length: experiment.replicas }, (_, r) => experiment.seed + r),
      );
      this.#writeRates();
      const compiled = await Promise.all(
        Object.entries(this.#recorded).map(
          async ([name, dispatches]) => [name, await device.compile(dispatches)] as const,
        ),
      );
      this.#programs = Object.fromEntries(compiled) as Record<ProgramName, Program>;
      for (const parameter of this.network.parameters) this.#writeOrthogonal(parameter);
      await this.#run({ draw: 1, sparsify: 1 });
    } catch (error) {
      this.dispose();
      throw error;
    }
  }

  /**
   * Lets the feedback learn on its own before the first step, if the rule has a phase for that and it has not had it.
   * `onStep` hears how many of its steps are done.
   */
  async warmUp(onStep?: (done: number, of: number) => void): Promise<void> {
    const { mirrorSteps } = this.#experiment;
    if (this.#recorded.mirror.length === 0 || this.#mirrored) return;
    this.#mirrored = true;
    for (let done = 0; done < mirrorSteps; done += warmUpChunk) {
      onStep?.(done, mirrorSteps);
      await this.#run({ mirror: Math.min(warmUpChunk, mirrorSteps - done) });
    }
  }

  /** Writes numbers that would otherwise be drawn, by the tensor's name. */
  inject(name: string, numbers: Numbers): void {
    const tensor = this.#plan.tensors.find((candidate) => candidate.name === name);
    if (!tensor) throw new Error(`There is no tensor ${name}.`);
    this.#onDevice.write(tensor, numbers);
  }

  /** Trains `count` steps, at most 1024 and not across a boundary of the schedule; the score of each. */
  async train(count: number): Promise<Score[]> {
    if (count > historySlots) throw new Error(`At most ${historySlots} steps at once.`);
    this.#writeRates();
    const first = this.#step;
    this.#step += count;
    const [history] = await this.#run({ step: count }, [this.#history]);
    const { batch } = this.#experiment;
    return Array.from({ length: count }, (_, i) =>
      this.#score(history, historySlots, [(first + i) % historySlots], batch),
    );
  }

  /** How every layer's way back lies to its weight, in every replica, on the batch that comes next. */
  async align(): Promise<Alignment[][]> {
    return this.#probe.decode(await this.#run({ probe: 1 }, this.#probe.reads));
  }

  /** Forward and feedback weights of layer `index` in the first replica, pair by pair; null where there is no such pair. */
  async synapses(index: number): Promise<{ forward: Numbers; feedback: Numbers } | null> {
    const synapses = this.#probe.synapses(index);
    if (!synapses) return null;
    const [feedback, forward] = await this.#run({ probe: 1 }, [synapses.back, synapses.forward]);
    return { forward: forward.subarray(0, synapses.count), feedback: feedback.subarray(0, synapses.count) };
  }

  /** Loss and accuracy on all test images. */
  async test(): Promise<Score> {
    this.#onDevice.write(this.#testClock, new Uint32Array(this.#plan.replicas));
    const steps = this.#testSteps;
    const [history] = await this.#run({ test: steps }, [this.#testHistory]);
    return this.#score(
      history,
      steps,
      Array.from({ length: steps }, (_, i) => i),
      this.#test.split.count,
    );
  }

  /** Takes over live settings. Sparser or denser feedback is cut anew. */
  async tune(experiment: Experiment): Promise<void> {
    const recut = experiment.sparsity !== this.#experiment.sparsity;
    this.#experiment = experiment;
    this.#writeRates();
    if (recut) await this.sparsify();
  }

  /** Cuts sparse feedback by the masks that the seed and the sparsity give; tensors from outside come uncut. */
  async sparsify(): Promise<void> {
    await this.#run({ sparsify: 1 });
  }

  /** How far the generator has been drawn from: training steps and mirror steps done, one number a replica. */
  get clocks(): Tensor[] {
    return [this.#common.clock, this.#mirrorClock];
  }

  /** The tensors that make up the state of training: parameters, velocities, feedback and its masks, and the clock. */
  get state(): Tensor[] {
    const tensors = this.network.parameters.flatMap(({ value, velocity, sparse }) => [
      value,
      velocity,
      sparse?.bits,
      sparse?.full,
    ]);
    return [...this.clocks, ...tensors.filter((tensor) => tensor !== null && tensor !== undefined)];
  }

  /** The numbers of `state`, by name. */
  async snapshot(): Promise<Map<string, Numbers>> {
    const { state } = this;
    const numbers = await this.#onDevice.run([], state);
    return new Map(state.map((tensor, i) => [tensor.name, numbers[i]]));
  }

  /** Takes over what a snapshot has of this network's state: all of it, or what two rules have in common. */
  restore(snapshot: ReadonlyMap<string, Numbers>): void {
    for (const tensor of this.state) {
      const numbers = snapshot.get(tensor.name);
      if (numbers?.length === tensor.size * tensor.replicas) this.#onDevice.write(tensor, numbers);
    }
    this.#step = snapshot.get(this.#common.clock.name)?.[0] ?? 0;
    this.#mirrored = (snapshot.get(this.#mirrorClock.name)?.[0] ?? 0) > 0;
  }

  dispose(): void {
    this.#device?.free(this.#plan.tensors);
    this.#device = null;
  }

  get #onDevice(): Device {
    if (!this.#device) throw new Error('The trainer is not prepared.');
    return this.#device;
  }

  get #testBatch(): number {
    return Math.max(1, Math.min(mostTested, Math.floor(testNumbers / this.network.activations)));
  }

  get #testSteps(): number {
    return Math.ceil(this.#test.split.count / this.#testBatch);
  }

  /** Runs programs, each so many times, in the order in which they are named. */
  async #run(times: Partial<Record<ProgramName, number>>, reads: Tensor[] = []): Promise<Numbers[]> {
    const programs = this.#programs;
    if (!programs) throw new Error('The trainer is not prepared.');
    const calls = Object.entries(times).map(([name, count]) => ({
      program: programs[name as ProgramName],
      times: count,
    }));
    return this.#onDevice.run(calls, reads);
  }

  #load(name: string, split: Split, imageSize: number): Loaded {
    if (split.count === 0) throw new FaultError('data', `The data set has no ${name} images.`);
    const numbers = split.count * imageSize;
    const words = split.images instanceof Uint8Array ? Math.ceil(numbers / 4) : numbers;
    return {
      split,
      images: [Math.min(words, bindingWords), words - bindingWords]
        .filter((size) => size > 0)
        .map((size, i) => this.#plan.tensor(`${name}.images${i || ''}`, size, { type: 'u32', shared: true })),
      classes: this.#plan.tensor(`${name}.classes`, split.count, { type: 'u32', shared: true }),
    };
  }

  /** Records gather, forward pass and score. */
  #forward(options: {
    name: string;
    batch: number;
    from: Loaded;
    dataset: Dataset;
    shuffle: boolean;
    clock: Tensor;
    scoreClock: Tensor;
    history: Tensor;
  }): { pass: Pass; output: Value } {
    const { name, batch, from, dataset, shuffle, clock, scoreClock, history } = options;
    const pass = new Pass(this.#plan, this.#common, name, batch, name === 'train');
    const labels = this.#plan.tensor(`${name}.labels`, batch, { type: 'u32' });
    const input = pass.input(dataset.shape);
    const [mean, deviation] = [dataset.mean, dataset.std];
    const [images, more = images] = from.images;
    pass.dispatches.push(
      dispatch(
        gather,
        { x: input.data, labels, images, more, classes: from.classes, clock, seed: this.#common.seed },
        {
          M: batch,
          N: sizeOf(dataset.shape),
          WIDTH: dataset.shape.width,
          CHANNELS: dataset.shape.channels,
          COUNT: from.split.count,
          STEPS: stepsPerEpoch(from.split.count, batch) + Number(!pass.learns),
          SHUFFLE: shuffle,
          AUGMENT: pass.learns && this.#experiment.augment === 'crop-flip',
          BYTES: from.split.images instanceof Uint8Array,
          SPLIT: images.size,
          MEAN0: mean[0],
          MEAN1: mean[1] ?? 0,
          MEAN2: mean[2] ?? 0,
          STD0: deviation[0],
          STD1: deviation[1] ?? 1,
          STD2: deviation[2] ?? 1,
        },
      ),
    );
    if (pass.learns) {
      const redrawn = this.network.parameters.filter((parameter) => parameter.redrawn && !this.#common.injected);
      pass.dispatches.push(...redrawn.flatMap((parameter) => drawParameter(parameter, this.#common, true)));
      pass.perturbation = this.#perturb(input, batch);
      pass.dispatches.push(...(pass.perturbation?.quiet.dispatches ?? []));
    }
    const output = this.network.forward(input, pass);
    const dz = output.error ?? pass.scratch('error', dataset.classes);
    const constants = {
      M: batch,
      N: dataset.classes,
      SLOTS: history.size / 2,
      COUNT: pass.learns ? 2 ** 32 - 1 : from.split.count,
    };
    pass.dispatches.push(dispatch(score, { dz, history, clock: scoreClock, z: output.data, labels }, constants));
    return { pass, output };
  }

  /** The noise that the rule learns from, and the pass without it that it is compared with. */
  #perturb(input: Value, batch: number): Perturbation | null {
    const deviation = this.network.rule.perturbation?.(this.#experiment);
    if (deviation === undefined) return null;
    const quiet = new Pass(this.#plan, this.#common, 'quiet', batch, false);
    this.network.forward(input, quiet);
    return { deviation, quiet };
  }

  #writeRates(): void {
    const { rate, momentum, decay } = ratesAt(this.#experiment, this.#step, this.epochSteps);
    const row = [rate, momentum, decay, 1 - this.#experiment.sparsity];
    const rows = Array.from({ length: this.#plan.replicas }, () => row).flat();
    this.#onDevice.write(this.#common.rates, new Float64Array(rows));
  }

  #writeOrthogonal({ init, value, sparse, rows, columns, stream }: Parameter): void {
    if (init.law !== 'orthogonal') return;
    for (let replica = 0; replica < this.#plan.replicas; replica++) {
      const matrix = orthogonalRows(rows, columns, this.#experiment.seed + replica, stream);
      this.#onDevice.write(sparse?.full ?? value, matrix, replica * matrix.length);
    }
  }

  /** Adds up the history's slots of each replica, over `count` images. */
  #score(history: Numbers, slots: number, which: readonly number[], count: number): Score {
    const { replicas } = this.#plan;
    const sum = (replica: number, part: number): number =>
      which.reduce((total, slot) => total + history[(replica * slots + slot) * 2 + part], 0) / count;
    return {
      loss: Float64Array.from({ length: replicas }, (_, r) => sum(r, 0)),
      accuracy: Float64Array.from({ length: replicas }, (_, r) => sum(r, 1)),
    };
  }
}

/** Bytes as the 32-bit words that the device reads, little-endian; floats as their bits. */
function wordsOf(images: Uint8Array | Float32Array): Uint32Array<ArrayBuffer> {
  const bytes = new Uint8Array(Math.ceil(images.byteLength / 4) * 4);
  bytes.set(new Uint8Array(images.buffer, images.byteOffset, images.byteLength));
  return new Uint32Array(bytes.buffer);
}
