import type { Dataset } from '../data/dataset.ts';
import type { Experiment } from '../model/experiment.ts';
import { FaultError } from '../model/fault.ts';
import { nextBoundary, ratesAt, type Rates } from '../model/schedule.ts';
import { countNetworks, joined, networksOf, programOf } from '../model/together.ts';
import type { Alignment } from './alignment.ts';
import type { Device } from './device.ts';
import type { Network } from './network.ts';
import { Looks, looking } from './looks.ts';
import { writeOrthogonal } from './orthogonal.ts';
import { tensorsOf } from './parameter.ts';
import { Programs, type Call } from './programs.ts';
import { record, type Recording, type TrainerOptions } from './recording.ts';
import { restorable } from './restoring.ts';
import { scoreOf, trainingSlots, type Score } from './score-ring.ts';
import { bytesOf, type Numbers, type Tensor } from './tensor.ts';

/** Mirror steps in one submit before training. */
const warmUpChunk = 10;

/** What no live setting changes: the program of some experiments, and the networks that it trains. */
const fixedOf = (experiments: readonly Experiment[]): string =>
  JSON.stringify([programOf(joined(experiments)), experiments.map(({ seed, replicas }) => [seed, replicas])]);

/**
 * A browser may report success of a submit that its GPU has given up, as Safari does for a page in the background and Firefox on
 * macOS: the numbers would be those of other steps. Throws a FaultError('device-lost') where a clock is not at `expected`.
 */
function assertDone(clock: Numbers, expected: number): void {
  if (clock.some((steps) => steps !== expected))
    throw new FaultError(
      'device-lost',
      'The GPU did not finish what it was given.',
      `${clock[0]} of ${expected} steps`,
    );
}

/** What the first of a trainer's networks says to the first test images. */
export interface Answers {
  /** Training steps that it had done. */
  readonly step: number;
  /** [image][class] */
  readonly logits: Numbers;
}

/** One of a trainer's experiments. Its networks are `experiment.replicas` of the trainer's replicas, from `first` on. */
export interface Run {
  readonly experiment: Experiment;
  readonly first: number;
}

/**
 * The networks of one experiment, or of several that share a program, on a device. They are recorded and compiled once;
 * training only replays. The trainer knows what a step is, and nothing of time, messages or the page.
 */
export class Trainer {
  readonly network: Network;
  readonly epochSteps: number;
  readonly dataset: Dataset;
  /** Whether the images come in a new order in every epoch. */
  readonly shuffle: boolean;
  /** Bytes of all its memory, and of the largest piece that has to be bound at once. */
  readonly bytes: number;
  readonly largestBytes: number;
  readonly #recording: Recording;
  readonly #looks: Looks;
  #programs: Programs | null = null;
  #experiments: readonly Experiment[];
  #experiment: Experiment;
  #step = 0;
  #answers: Answers | null = null;
  /** Whether the next step's batch has been fetched. */
  #fetched = false;
  #mirrored = false;

  /**
   * Lays out an experiment on a data set and records its programs. Several experiments must have the same `programOf`; each
   * gets the bits that it would get alone. No memory is allocated yet: `bytes` says how much will be.
   * Throws a FaultError('invalid') when the network does not fit the images.
   */
  constructor(experiments: Experiment | readonly Experiment[], dataset: Dataset, options: TrainerOptions = {}) {
    this.#experiments = [experiments].flat();
    this.#experiment = joined(this.#experiments);
    this.dataset = dataset;
    this.shuffle = options.shuffle ?? true;
    this.#recording = record(this.#experiment, dataset, options);
    const { network, epochSteps, plan, probe } = this.#recording;
    this.#looks = new Looks(probe);
    this.network = network;
    this.epochSteps = epochSteps;
    this.bytes = bytesOf(plan.tensors);
    this.largestBytes = Math.max(...plan.tensors.map((tensor) => bytesOf([tensor])));
  }

  /** Training steps done. */
  get step(): number {
    return this.#step;
  }

  /** How many launches the device makes for one training step; 0 before it is prepared. */
  get launches(): number {
    return this.#programs?.launchesOf('stepEven') ?? 0;
  }

  /** The experiment that it was laid out from; of several, the first with the number of networks of all. */
  get experiment(): Experiment {
    return this.#experiment;
  }

  get runs(): Run[] {
    return this.#experiments.map((experiment, i) => ({
      experiment,
      first: countNetworks(this.#experiments.slice(0, i)),
    }));
  }

  /** The next step at which the rates of any network may change, or an epoch ends: no submit may run across it. */
  get boundary(): number {
    return Math.min(...this.#experiments.map((experiment) => nextBoundary(experiment, this.#step, this.epochSteps)));
  }

  /**
   * Allocates the memory, compiles what a step needs, and draws the networks from their seeds. Call once, first. Looks and
   * tests are compiled in the background, and waited for when they are first asked for.
   */
  async prepare(device: Device): Promise<void> {
    const { plan, common, train, test } = this.#recording;
    await device.allocate(plan.tensors);
    this.#programs = new Programs(device, this.#recording.programs);
    try {
      train.write(device);
      test.write(device);
      for (const [tensor, numbers] of plan.constants) device.write(tensor, numbers);
      device.write(common.seed, this.#seeds);
      this.#writeRates();
      await Promise.all([
        this.#draw(),
        this.#prepared.compile('mirror', 'fetchEven', 'fetchOdd', 'stepEven', 'stepOdd'),
      ]);
      // Nobody waits for these yet. Whoever first needs one waits for it, and hears what went wrong.
      void this.#prepared.compile(...looking, 'test').catch(() => undefined);
    } catch (error) {
      this.dispose();
      throw error;
    }
  }

  async #draw(): Promise<void> {
    await Promise.all([
      this.#prepared.compile('draw', 'sparsify', 'begin', 'beginMoving'),
      writeOrthogonal(this.#device, this.network.parameters, this.#seeds),
    ]);
    await this.#prepared.run([
      ['draw', 1],
      ['sparsify', 1],
      ['begin', 1],
    ]);
  }

  /**
   * Lets the feedback learn on its own before the first step, if the rule has a phase for that and it has not had it.
   * `onStep` hears how many of its steps are done.
   */
  async warmUp(onStep?: (done: number, of: number) => void): Promise<void> {
    const { mirrorSteps } = this.#experiment;
    if (this.#recording.programs.mirror.length === 0 || this.#mirrored) return;
    this.#mirrored = true;
    for (let done = 0; done < mirrorSteps; done += warmUpChunk) {
      onStep?.(done, mirrorSteps);
      await this.#prepared.run([['mirror', Math.min(warmUpChunk, mirrorSteps - done)]]);
    }
  }

  /** Writes numbers that would otherwise be drawn, by the tensor's name. */
  inject(name: string, numbers: Numbers): void {
    const tensor = this.#recording.plan.tensors.find((candidate) => candidate.name === name);
    if (!tensor) throw new Error(`There is no tensor ${name}.`);
    this.#device.write(tensor, numbers);
    this.#looks.forget();
  }

  /** Trains `count` steps, at most 1024 and not across `boundary`; the score of each. */
  async train(count: number): Promise<Score[]> {
    const most = Math.min(trainingSlots, this.boundary - this.#step);
    if (count > most) throw new Error(`At most ${most} steps at once from step ${this.#step} on.`);
    this.#looks.advance(count, this.#writeRates());
    const first = this.#step;
    this.#step += count;
    const { trainScores, common } = this.#recording;
    const steps = Array.from({ length: count }, (_, i): Call => [(first + i) % 2 === 0 ? 'stepEven' : 'stepOdd', 1]);
    const fetch: Call = [first % 2 === 0 ? 'fetchEven' : 'fetchOdd', this.#fetched ? 0 : 1];
    this.#fetched = true;
    const [numbers, clock] = await this.#prepared.run([fetch, ...steps], [trainScores.tensor, common.clock]);
    assertDone(clock, first + count);
    const { batch } = this.#experiment;
    return Array.from({ length: count }, (_, i) => scoreOf(trainScores, numbers, [first + i], batch));
  }

  /** What it said to the first test images when they were last tested; null before that. */
  get answers(): Answers | null {
    return this.#answers;
  }

  /** How every layer's way back lies to its weight, in every replica, on the batch that comes next. */
  async align(): Promise<Alignment[][]> {
    return this.#looks.alignment(this.#prepared, this.#networks);
  }

  /** Forward and feedback weights of layer `index` in the first replica, pair by pair; null where there is no such pair. */
  async synapses(index: number): Promise<{ forward: Numbers; feedback: Numbers } | null> {
    return this.#looks.synapses(this.#prepared, this.#networks, index);
  }

  /** Loss and accuracy on all test images; null if `stopped` says on the way that nobody waits for them any more. */
  test(): Promise<Score>;
  test(stopped: () => boolean): Promise<Score | null>;
  async test(stopped = () => false): Promise<Score | null> {
    const { testScores, test, answers } = this.#recording;
    await this.#prepared.compile('test');
    this.#device.write(testScores.clock, new Uint32Array(this.#experiment.replicas));
    const batches = Array.from({ length: testScores.slots }, (_, i) => i);
    const step = this.#step;
    for (const batch of batches) {
      if (stopped()) return null;
      const [logits] = await this.#prepared.run([['test', 1]], batch === 0 ? [answers] : []);
      if (batch === 0) this.#answers = { step, logits };
    }
    const [numbers, clock] = await this.#prepared.run([], [testScores.tensor, testScores.clock]);
    assertDone(clock, batches.length);
    return scoreOf(testScores, numbers, batches, test.count);
  }

  /** Takes over changed live settings of the same networks. Returns whether feedback was cut anew, for another sparsity. */
  async tune(experiments: Experiment | readonly Experiment[]): Promise<boolean> {
    const before = this.#networks;
    const tuned = [experiments].flat();
    if (fixedOf(tuned) !== fixedOf(this.#experiments)) throw new Error('Only live settings can be tuned.');
    this.#experiments = tuned;
    this.#experiment = joined(tuned);
    const recut = this.#networks.some(({ sparsity }, replica) => sparsity !== before[replica].sparsity);
    this.#writeRates();
    if (recut) await this.sparsify();
    return recut;
  }

  /** Cuts sparse feedback by the masks that seed and sparsity determine. Needed after writing tensors that are not cut yet. */
  async sparsify(): Promise<void> {
    this.#looks.forget();
    await this.#prepared.run([['sparsify', 1]]);
  }

  /**
   * The positions of the random generator: training steps done, and mirror steps of a rule that has them, one number a
   * replica. A rule without mirror steps hands none on, so that mirrors after it have to warm up again.
   */
  get clocks(): Tensor[] {
    const { common, mirrorClock, programs } = this.#recording;
    return programs.mirror.length > 0 ? [common.clock, mirrorClock] : [common.clock];
  }

  /** The tensors that make up the state of training: parameters, velocities, feedback and its masks, and the clocks. */
  get state(): Tensor[] {
    return [...this.clocks, ...this.network.parameters.flatMap(tensorsOf)];
  }

  /** The numbers of `state`, by name. */
  async snapshot(): Promise<Map<string, Numbers>> {
    const device = this.#device;
    // All are asked for at once, so that no step comes between; each is a run of its own, as they may not fit into one buffer.
    const reads = this.state.map(async (tensor) => [tensor.name, (await device.run([], [tensor]))[0]] as const);
    return new Map(await Promise.all(reads));
  }

  /**
   * Takes over what a snapshot has of a run's state: all of it, or what two rules have in common. Without a clock for just
   * these networks the run starts anew. What a rule derives at the beginning is derived again unless the state is whole, in
   * all runs: the others have to be whole too, or at their beginning.
   * Throws where velocities would have to be derived beside another run, whose own would be lost.
   */
  restore(snapshot: ReadonlyMap<string, Numbers>, { experiment: { replicas }, first }: Run = this.runs[0]): void {
    const { values, velocities, whole } = restorable(snapshot, this.network, this.clocks, replicas);
    const write = (numbers: ReadonlyMap<Tensor, Numbers>): void => {
      for (const [tensor, each] of numbers) this.#device.write(tensor, each, first * tensor.size);
    };
    if (velocities.size > 0) {
      if (this.#experiments.length > 1) throw new Error('Velocities are derived for all runs or none.');
      // Each velocity takes the place of its value, and its value comes back afterwards: what a rule derives is linear, so
      // that from velocities it makes velocities.
      write(new Map([...values, ...velocities]));
      void this.#prepared.run([['beginMoving', 1]]).catch(() => undefined);
    }
    write(values);
    // A whole state brings along what is derived at the beginning; any other is a beginning. A loss shows at the next run.
    if (!whole) void this.#prepared.run([['begin', 1]]).catch(() => undefined);
    const [step, mirrorStep = 0] = this.clocks.map((clock) => values.get(clock)?.[0] ?? 0);
    this.#step = step;
    this.#fetched = false;
    this.#looks.forget();
    // Feedback that is drawn anew, for one layer of another size, has mirrored nothing yet.
    this.#mirrored = whole && mirrorStep > 0;
  }

  /** Restores a run, then cuts its feedback anew: a snapshot is cut by the sparsity of its time, which may have changed. */
  async takeOver(snapshot: ReadonlyMap<string, Numbers>, run?: Run): Promise<void> {
    this.restore(snapshot, run);
    await this.sparsify();
  }

  dispose(): void {
    this.#programs?.device.free(this.#recording.plan.tensors);
    this.#programs = null;
  }

  /** The experiment of each replica. */
  get #networks(): Experiment[] {
    return this.#experiments.flatMap(networksOf);
  }

  get #seeds(): Uint32Array<ArrayBuffer> {
    return Uint32Array.from(this.#networks, ({ seed }) => seed);
  }

  get #prepared(): Programs {
    if (!this.#programs) throw new Error('The trainer is not prepared.');
    return this.#programs;
  }

  get #device(): Device {
    return this.#prepared.device;
  }

  /** Writes the rates in force, and returns those of each replica. */
  #writeRates(): Rates[] {
    const rates = this.#networks.map((network) => ratesAt(network, this.#step, this.epochSteps));
    const rows = rates.flatMap(({ rate, momentum, decay }, replica) => {
      return [rate, momentum, decay, 1 - this.#networks[replica].sparsity];
    });
    this.#device.write(this.#recording.common.rates, new Float64Array(rows));
    return rates;
  }
}
