import type { Dataset } from '../data/dataset.ts';
import type { Experiment } from '../model/experiment.ts';
import { stepsPerEpoch } from '../model/schedule.ts';
import { sizeOf } from '../model/shape.ts';
import { AlignmentProbe } from './alignment.ts';
import { recordBeginning } from './beginning.ts';
import { Paths } from './drift.ts';
import { historySlots, type History } from './history.ts';
import { Images, type Batch } from './images.ts';
import { dispatch, type Dispatch } from './kernel.ts';
import { score, tally } from './kernels/score.ts';
import { recordMirror } from './mirror.ts';
import { Network } from './network.ts';
import type { WeightLayer } from './operator.ts';
import { drawParameter, sparsifyParameter, type Common } from './parameter.ts';
import { Backward, Pass, type Perturbation, type Sink, type Value } from './pass.ts';
import { Plan } from './plan.ts';
import type { Tensor } from './tensor.ts';

/** Test images that go through the network at once: at most so many, and no more than have this many numbers on their way. */
const mostTested = 2500;
const testNumbers = 2 ** 25;

/** How a trainer differs from the ordinary one. */
export interface TrainerOptions {
  /** Take the training images in their order. */
  readonly shuffle?: boolean;
  /** Noise and redrawn tensors are written by `inject` and not drawn. */
  readonly injected?: boolean;
  /**
   * Look at the product of B and R by what has become of it since the last look (drift.ts) and not by multiplying it anew:
   * much faster, but the last digits depend on when one has looked before.
   */
  readonly follow?: boolean;
}

/**
 * What a trainer does: draw the networks, cut their feedback, derive some of it, and its velocities, mirror it; train a step;
 * make the paths (drift.ts) and measure the alignment; score a test batch. Steps take turns with two batches: each trains on its
 * own and, meanwhile, fetches the next one's. Only the first has to have its own fetched.
 */
export type ProgramName =
  | 'draw'
  | 'sparsify'
  | 'begin'
  | 'beginMoving'
  | 'mirror'
  | 'fetchEven'
  | 'fetchOdd'
  | 'stepEven'
  | 'stepOdd'
  | 'multiply'
  | 'anchor'
  | 'follow'
  | 'probe'
  | 'test';

/** An experiment laid out on a data set: all its memory planned, all its programs recorded, nothing taken or run yet. */
export interface Recording {
  readonly plan: Plan;
  readonly common: Common;
  readonly network: Network;
  readonly probe: AlignmentProbe;
  readonly train: Images;
  readonly test: Images;
  readonly epochSteps: number;
  readonly history: History;
  readonly testHistory: History;
  readonly mirrorClock: Tensor;
  readonly programs: Readonly<Record<ProgramName, Dispatch[]>>;
}

/** Lays out an experiment. Throws a FaultError('invalid') when the network does not fit the images. */
export function record(
  experiment: Experiment,
  dataset: Dataset,
  { shuffle = true, injected = false, follow = false }: TrainerOptions,
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
  const mostAtOnce = Math.max(1, Math.min(mostTested, Math.floor(testNumbers / network.activations)));
  const testBatch = Math.ceil(test.count / Math.ceil(test.count / mostAtOnce));
  const historyOf = (name: string, slots: number, clock: Tensor, batch = experiment.batch): History => ({
    tensor: plan.tensor(name, 2 * (slots + batch)),
    slots,
    clock,
  });
  const history = historyOf('history', historySlots, common.clock);
  // The probe looks at the batch that comes next, so its score must not move the training's clock.
  const unheard = historyOf('probe.history', historySlots, plan.tensor('probe.clock', 1, { type: 'u32' }));
  const testClock = plan.tensor('test.clock', 1, { type: 'u32' });
  const testHistory = historyOf('test.history', Math.ceil(test.count / testBatch), testClock, testBatch);
  const recorder: Recorder = { plan, common, network, experiment };

  const batchOf = (name: string, size: number): Batch => ({
    size,
    input: {
      shape: network.input,
      data: plan.tensor(`${name}.input`, size * sizeOf(network.input)),
      relu: false,
      error: null,
    },
    labels: plan.tensor(`${name}.labels`, size, { type: 'u32' }),
  });
  const augment = experiment.augment === 'crop-flip';
  const source = { clock: common.clock, seed: common.seed, steps: epochSteps, shuffle, augment };
  const fetch = (batch: Batch, ahead: number): Dispatch => train.gather(batch, { ...source, ahead });
  const learning = (batch: Batch, history: History): Recorded =>
    recordForward(recorder, new Pass(plan, common, 'train', experiment.batch, true), batch, history);
  const sink: Sink = {
    take: ({ operator, weight }, x, e) =>
      operator.descend(weight, weight.velocity as Tensor, x, e, common.rates, experiment.batch),
    learns: true,
  };
  /** Draws what the next pass of these layers wants anew. */
  const redraw = (layers: readonly WeightLayer[]): Dispatch[] =>
    layers
      .flatMap(({ feedback }) => Object.values(feedback))
      .filter(({ redrawn }) => redrawn && !injected)
      .flatMap((parameter) => drawParameter(parameter, common, true));
  const mirrorClock = plan.tensor('mirror.clock', 1, { type: 'u32' });
  const phase = new Pass(plan, common, 'mirror', experiment.mirrorBatch, false);
  const mirror = recordMirror(phase, mirrorClock, network);
  const [even, odd] = [batchOf('even', experiment.batch), batchOf('odd', experiment.batch)];
  const step = (batch: Batch, next: Batch): Dispatch[] => {
    const { pass, output } = learning(batch, history);
    const back = new Backward(pass, network.rule, experiment, sink, output);
    const senders = network.weights.filter((layer) => !pass.isFirst(layer));
    return [fetch(next, 1), ...redraw(senders), ...pass.dispatches, ...back.dispatches, ...mirror];
  };

  const seen = batchOf('probe', experiment.batch);
  const look = learning(seen, unheard);
  const probe = new AlignmentProbe(network, look.pass, look.output, new Paths(plan, follow));

  const examined = batchOf('test', testBatch);
  const inOrder = { clock: testClock, ahead: 0, seed: common.seed, steps: testHistory.slots };
  const testPass = new Pass(plan, common, 'test', testBatch, false);
  const testing = recordForward(recorder, testPass, examined, testHistory, test.count);
  const { parameters } = network;
  return {
    plan,
    common,
    network,
    probe,
    train,
    test,
    epochSteps,
    history,
    testHistory,
    mirrorClock,
    programs: {
      draw: parameters.flatMap((parameter) => drawParameter(parameter, common)),
      sparsify: parameters.flatMap((parameter) => sparsifyParameter(parameter, common)),
      begin: recordBeginning(plan, network.weights, network.rule, experiment, false),
      beginMoving: recordBeginning(plan, network.weights, network.rule, experiment, true),
      mirror,
      fetchEven: [fetch(even, 0)],
      fetchOdd: [fetch(odd, 0)],
      stepEven: step(even, odd),
      stepOdd: step(odd, even),
      multiply: probe.paths.multiplied,
      anchor: probe.paths.anchored,
      follow: probe.paths.followed,
      probe: [fetch(seen, 0), ...redraw(network.weights), ...look.pass.dispatches, ...probe.dispatches],
      test: [test.gather(examined, { ...inOrder, shuffle: false, augment: false }), ...testing.pass.dispatches],
    },
  };
}

interface Recorder {
  readonly plan: Plan;
  readonly common: Common;
  readonly network: Network;
  readonly experiment: Experiment;
}

interface Recorded {
  readonly pass: Pass;
  readonly output: Value;
}

/** Records a batch's way through the network, from the images to the score; `count` examples count, if not all. */
function recordForward(
  { plan, common, network, experiment }: Recorder,
  pass: Pass,
  { input, labels }: Batch,
  history: History,
  count = 2 ** 32 - 1,
): Recorded {
  const { dispatches, batch } = pass;
  if (pass.learns) {
    pass.perturbation = perturbationOf({ plan, common, network, experiment }, input, batch);
    dispatches.push(...(pass.perturbation?.quiet.dispatches ?? []));
  }
  const output = network.forward(input, pass);
  const dz = output.error ?? pass.scratch('error', network.classes);
  const [M, SLOTS] = [batch, history.slots];
  const scored = { dz, history: history.tensor, z: output.data, labels };
  dispatches.push(dispatch(score, scored, { M, N: network.classes, SLOTS }));
  dispatches.push(dispatch(tally, { history: history.tensor, clock: history.clock }, { M, SLOTS, COUNT: count }));
  return { pass, output };
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
