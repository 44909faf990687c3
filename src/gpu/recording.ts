import type { Dataset } from '../data/dataset.ts';
import type { Experiment } from '../model/experiment.ts';
import { stepsPerEpoch } from '../model/schedule.ts';
import { sizeOf } from '../model/shape.ts';
import { AlignmentProbe } from './alignment.ts';
import { recordBeginning } from './beginning.ts';
import { Paths } from './drift.ts';
import { Images, type Batch, type BatchSource } from './images.ts';
import { dispatch, type Dispatch } from './kernel.ts';
import { score, tally } from './kernels/score.ts';
import { recordMirror } from './mirror.ts';
import { Network } from './network.ts';
import type { WeightLayer } from './operator.ts';
import { drawParameter, sparsifyParameter, type Common } from './parameter.ts';
import { Backward, Pass, type Perturbation, type Sink, type Value } from './pass.ts';
import { Plan } from './plan.ts';
import { trainingSlots, type ScoreRing } from './score-ring.ts';
import type { Head, Tensor } from './tensor.ts';

/** Test images that go through the network at once: at most `mostTested`, and with at most `testNumbers` activations. */
const mostTested = 2500;
const testNumbers = 2 ** 25;

/** Test images whose logits are kept to look at. */
const mostAnswers = 40;

/** How a trainer differs from the ordinary one. */
export interface TrainerOptions {
  /** Take the training images in their order. */
  readonly shuffle?: boolean;
  /** Noise and redrawn tensors are not drawn, but written by `inject`. */
  readonly injected?: boolean;
  /**
   * Extrapolate the product of R and B from an earlier look (drift.ts), and do not multiply it anew: much faster, but the last
   * digits depend on when there were looks before.
   */
  readonly extrapolate?: boolean;
}

/** The programs of a trainer. Steps take turns with two batches, an even and an odd one. */
export type ProgramName =
  /** Draws all parameters from the seeds, dense. */
  | 'draw'
  /** Draws the masks of sparse feedback at the density in force, and cuts by them. */
  | 'sparsify'
  /** Computes what the rule derives once from the parameters as they are. */
  | 'begin'
  /** The same over the velocities of those that learn: makes the velocities of what is derived. */
  | 'beginMoving'
  /** One step of the rule's mirror phase; empty if it has none. */
  | 'mirror'
  /** Fetches the batch of an even step: for the first step only, as every later one finds its batch ready. */
  | 'fetchEven'
  /** The same for an odd step. */
  | 'fetchOdd'
  /** Trains on the even batch, and meanwhile fetches the odd one for the next step. */
  | 'stepEven'
  /** Trains on the odd batch, and meanwhile fetches the even one. */
  | 'stepOdd'
  /** Makes the paths that the metrics look at by multiplying R by B (drift.ts). */
  | 'multiply'
  /** The same, and keeps what later looks extrapolate from. */
  | 'anchor'
  /** Makes the paths from what was kept. */
  | 'extrapolate'
  /** Measures the alignment on the batch that comes next, with the paths ready. Nothing learns. */
  | 'probe'
  /** Scores the next batch of test images. */
  | 'test';

/** An experiment laid out on a data set: all memory planned and all programs recorded, but nothing allocated or run yet. */
export interface Recording {
  readonly plan: Plan;
  readonly common: Common;
  readonly network: Network;
  readonly probe: AlignmentProbe;
  readonly train: Images;
  readonly test: Images;
  readonly epochSteps: number;
  readonly trainScores: ScoreRing;
  readonly testScores: ScoreRing;
  /** The logits of the first test images, once the first batch of a test is scored. */
  readonly answers: Head;
  readonly mirrorClock: Tensor;
  readonly programs: RecordedPrograms;
}

/** The dispatches of every program. */
export type RecordedPrograms = Readonly<Record<ProgramName, Dispatch[]>>;

/** Lays out an experiment. Throws a FaultError('invalid') when the network does not fit the images. */
export function record(
  experiment: Experiment,
  dataset: Dataset,
  { shuffle = true, injected = false, extrapolate = false }: TrainerOptions,
): Recording {
  const plan = new Plan(experiment.replicas);
  const common: Common = {
    seed: plan.tensor('seed', 1, { type: 'u32' }),
    clock: plan.tensor('clock', 1, { type: 'u32' }),
    rates: plan.tensor('rates', 4),
    injected,
  };
  const [train, test] = [new Images(plan, 'train', dataset), new Images(plan, 'test', dataset)];
  const network = new Network(plan, experiment, dataset.shape, dataset.classes);
  const epochSteps = stepsPerEpoch(train.count, experiment.batch);
  const order = { clock: common.clock, seed: common.seed, steps: epochSteps, shuffle };
  const source = { ...order, augment: experiment.augment === 'crop-flip' };
  const recorder: Recorder = { plan, common, network, experiment, train, source };
  const training = recordTraining(recorder);
  const looking = recordLook(recorder, extrapolate);
  const testing = recordTest(recorder, test);
  const { parameters, weights, rule } = network;
  return {
    plan,
    common,
    network,
    probe: looking.probe,
    train,
    test,
    epochSteps,
    trainScores: training.scores,
    testScores: testing.scores,
    answers: testing.answers,
    mirrorClock: training.mirrorClock,
    programs: {
      draw: parameters.flatMap((parameter) => drawParameter(parameter, common)),
      sparsify: parameters.flatMap((parameter) => sparsifyParameter(parameter, common)),
      begin: recordBeginning(plan, weights, rule, experiment, false),
      beginMoving: recordBeginning(plan, weights, rule, experiment, true),
      ...training.programs,
      ...looking.programs,
      ...testing.programs,
    },
  };
}

/** What all programs are recorded from. */
interface Recorder {
  readonly plan: Plan;
  readonly common: Common;
  readonly network: Network;
  readonly experiment: Experiment;
  readonly train: Images;
  /** How the training images are taken. */
  readonly source: Omit<BatchSource, 'ahead'>;
}

/** Records the steps of training, and the mirror phase, which is a part of every step. */
function recordTraining(recorder: Recorder): {
  scores: ScoreRing;
  mirrorClock: Tensor;
  programs: Pick<RecordedPrograms, 'mirror' | 'fetchEven' | 'fetchOdd' | 'stepEven' | 'stepOdd'>;
} {
  const { plan, common, network, experiment, train, source } = recorder;
  const scores = planRing(plan, 'train.scores', trainingSlots, common.clock, experiment.batch);
  const mirrorClock = plan.tensor('mirror.clock', 1, { type: 'u32' });
  const phase = new Pass(plan, common, 'mirror', experiment.mirrorBatch, false);
  const mirror = recordMirror(phase, mirrorClock, network);
  const [even, odd] = ['even', 'odd'].map((name) => planBatch(recorder, name, experiment.batch));
  const sink: Sink = {
    take: ({ operator, weight }, x, e) =>
      operator.descend(weight, weight.velocity as Tensor, x, e, common.rates, experiment.batch),
    learns: true,
  };
  const step = (batch: Batch, next: Batch): Dispatch[] => {
    const { pass, output } = recordLearning(recorder, batch, scores);
    const back = new Backward(pass, network.rule, experiment, sink, output);
    const senders = network.weights.filter((layer) => !pass.isFirst(layer));
    const fetched = train.gather(next, { ...source, ahead: 1 });
    return [fetched, ...redraw(senders, common), ...pass.dispatches, ...back.dispatches, ...mirror];
  };
  return {
    scores,
    mirrorClock,
    programs: {
      mirror,
      fetchEven: [train.gather(even, { ...source, ahead: 0 })],
      fetchOdd: [train.gather(odd, { ...source, ahead: 0 })],
      stepEven: step(even, odd),
      stepOdd: step(odd, even),
    },
  };
}

/** Records a look at the alignment on the batch that comes next. */
function recordLook(
  recorder: Recorder,
  extrapolate: boolean,
): { probe: AlignmentProbe; programs: Pick<RecordedPrograms, 'multiply' | 'anchor' | 'extrapolate' | 'probe'> } {
  const { plan, common, network, experiment, train, source } = recorder;
  const batch = planBatch(recorder, 'probe', experiment.batch);
  // Its score must not move the training's clock.
  const clock = plan.tensor('probe.clock', 1, { type: 'u32' });
  const unheard = planRing(plan, 'probe.scores', trainingSlots, clock, experiment.batch);
  const { pass, output } = recordLearning(recorder, batch, unheard);
  const probe = new AlignmentProbe(network, pass, output, new Paths(plan, extrapolate));
  const fetched = train.gather(batch, { ...source, ahead: 0 });
  return {
    probe,
    programs: {
      multiply: probe.paths.multiplied,
      anchor: probe.paths.anchored,
      extrapolate: probe.paths.extrapolated,
      probe: [fetched, ...redraw(network.weights, common), ...pass.dispatches, ...probe.dispatches],
    },
  };
}

/** Records the scoring of the test images, in their order, in batches as large as there is room for and of about one size. */
function recordTest(
  recorder: Recorder,
  images: Images,
): { scores: ScoreRing; answers: Head; programs: Pick<RecordedPrograms, 'test'> } {
  const { plan, common, network } = recorder;
  const mostAtOnce = Math.max(1, Math.min(mostTested, Math.floor(testNumbers / network.activations)));
  const size = Math.ceil(images.count / Math.ceil(images.count / mostAtOnce));
  const clock = plan.tensor('test.clock', 1, { type: 'u32' });
  const scores = planRing(plan, 'test.scores', Math.ceil(images.count / size), clock, size);
  const batch = planBatch(recorder, 'test', size);
  const inOrder = { clock, ahead: 0, seed: common.seed, steps: scores.slots, shuffle: false, augment: false };
  const pass = new Pass(plan, common, 'test', size, false);
  const { data: logits, shape } = recordForward(recorder, pass, batch, scores, images.count);
  const answers = { tensor: logits, length: Math.min(mostAnswers, size) * sizeOf(shape) };
  return { scores, answers, programs: { test: [images.gather(batch, inOrder), ...pass.dispatches] } };
}

/** Room for the scores of `slots` batches of `batch` examples, counted by `clock`. */
const planRing = (plan: Plan, name: string, slots: number, clock: Tensor, batch: number): ScoreRing => ({
  tensor: plan.tensor(name, 2 * (slots + batch)),
  slots,
  clock,
});

/** Room for a batch of `size` images and their classes. */
const planBatch = ({ plan, network: { input } }: Recorder, name: string, size: number): Batch => ({
  size,
  input: { shape: input, data: plan.tensor(`${name}.input`, size * sizeOf(input)), relu: false, error: null },
  labels: plan.tensor(`${name}.labels`, size, { type: 'u32' }),
});

/** Draws what the next pass of these layers wants anew. */
const redraw = (layers: readonly WeightLayer[], common: Common): Dispatch[] =>
  layers
    .flatMap(({ feedback }) => Object.values(feedback))
    .filter(({ redrawn }) => redrawn && !common.injected)
    .flatMap((parameter) => drawParameter(parameter, common, true));

/** A recorded way through the network. */
interface Recorded {
  readonly pass: Pass;
  /** The logits, whose error has been computed. */
  readonly output: Value;
}

/** Records a training batch's way through the network, such that an error can travel back. */
function recordLearning(recorder: Recorder, batch: Batch, scores: ScoreRing): Recorded {
  const pass = new Pass(recorder.plan, recorder.common, 'train', batch.size, true);
  return { pass, output: recordForward(recorder, pass, batch, scores) };
}

/**
 * Records a batch's way through the network, from the images to the score, and returns the logits. `count` examples count
 * in all, if fewer than the batches have.
 */
function recordForward(
  recorder: Recorder,
  pass: Pass,
  { input, labels }: Batch,
  scores: ScoreRing,
  count = 2 ** 32 - 1,
): Value {
  const { network } = recorder;
  const { dispatches, batch } = pass;
  if (pass.learns) {
    pass.perturbation = perturbationOf(recorder, input, batch);
    dispatches.push(...(pass.perturbation?.quiet.dispatches ?? []));
  }
  const output = network.forward(input, pass);
  const dz = output.error ?? pass.scratch('error', network.classes);
  const [M, SLOTS] = [batch, scores.slots];
  const scored = { dz, ring: scores.tensor, z: output.data, labels };
  dispatches.push(dispatch(score, scored, { M, N: network.classes, SLOTS }));
  dispatches.push(dispatch(tally, { ring: scores.tensor, clock: scores.clock }, { M, SLOTS, COUNT: count }));
  return output;
}

/** The noise that the rule learns from, and the pass without it that it is compared with. */
function perturbationOf(
  { plan, common, network, experiment }: Recorder,
  input: Value,
  batch: number,
): Perturbation | null {
  const deviation = network.rule.perturbation?.(experiment);
  if (deviation === undefined) return null;
  const quiet = new Pass(plan, common, 'quiet', batch, false);
  network.forward(input, quiet);
  return { deviation, quiet };
}
