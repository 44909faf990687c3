import { nice } from 'd3';
import { ruleOf } from '../../model/rules/index.ts';
import { compact } from '../format.ts';
import { weightsIfFit } from '../network/outline.ts';
import { extent, fitted } from './fit.ts';
import { limitOf, shareLimits, type Limit } from './limits.ts';
import { layerLines, stretchOf, trainAndTest } from './lines.ts';
import type { ChartLine, ChartModel, Reference, Scene } from './model.ts';
import { fewestSteps, includes, type Steps } from './steps.ts';

/** A chart of the page: its words, and the curves it makes of a run. */
export interface ChartSpec {
  readonly id: 'loss' | 'accuracy' | 'angle' | 'update' | 'ratio';
  readonly title: string;
  /** What is drawn and in which unit, in one sentence. */
  readonly explanation: string;
  /** What will appear here, before the first step. */
  readonly empty: string;
  model(scene: Scene): ChartModel;
}

/** What every chart of a run has in common. */
function common(scene: Scene) {
  const { history, earlier, stepsPerEpoch, xUnit } = scene;
  const ends = earlier.map((run) => ({ stretch: stretchOf(scene, run), ...run }));
  const first = Math.min(history.firstStep, ...ends.map(({ firstStep, stretch }) => firstStep * stretch));
  const last = Math.max(history.lastStep, ...ends.map(({ lastStep, stretch }) => lastStep * stretch));
  const whole: Steps = [first, Math.max(history.firstStep + fewestSteps, last)];
  const steps = scene.steps ?? whole;
  return {
    marks: history.marks.filter(({ step }) => scene.steps === null || includes(steps, step)),
    steps,
    whole,
    newest: history.lastStep,
    stepsPerUnit: xUnit === 'epoch' && stepsPerEpoch > 0 ? stepsPerEpoch : 1,
  };
}

/** Every layer's closed-form limit under the chosen rule, expansion and sparsity. */
const limits = ({ experiment, images }: Scene): (Limit | null)[] =>
  weightsIfFit(experiment.layers, images).map((weight) =>
    limitOf(ruleOf(experiment.rule), weight, experiment, images.classes),
  );

/** The settings that a limit follows from. */
const limiting: ReadonlySet<string> = new Set(['rule', 'sparsity']);

/** Reference lines of the limits, from where they hold; one that holds for some of the layers names them. */
function limitLines(scene: Scene, of: (limit: Limit) => number, tolerance: number, print: (value: number) => string) {
  const all = limits(scene);
  const since = scene.history.marks.findLast(({ key }) => limiting.has(key))?.step ?? 0;
  const shared = shareLimits(
    all.map((limit) => (limit === null ? null : of(limit))),
    tolerance,
  );
  return shared.map(({ layers, value }): Reference => {
    const whose = layers.length === all.length ? '' : `, ${printLayers(layers)}`;
    return { y: value, label: `limit ${print(value)}${whose}`, side: 'left', since };
  });
}

/** "layer 3", "layers 1–3, 5". */
export function printLayers(layers: readonly number[]): string {
  const runs: [number, number][] = [];
  for (const layer of layers) {
    const run = runs.at(-1);
    if (run && layer === run[1] + 1) run[1] = layer;
    else runs.push([layer, layer]);
  }
  const text = runs.map(([from, to]) => (from === to ? `${from + 1}` : `${from + 1}–${to + 1}`)).join(', ');
  return `${layers.length > 1 ? 'layers' : 'layer'} ${text}`;
}

/** A curve's steep rise, which would flatten all the rest, ends where it first comes so near its best. */
const risen = 0.95;

/** Behind a rise so many values have to have come before it gives way to them: until then it is what there is to see. */
const fewest = 2;

/** Where the accuracy axis begins: as high as all curves allow, but for their rise under each rule. */
function accuracyFloor(lines: readonly ChartLine[]): number {
  const worst = Math.min(...lines.flatMap(worstAfterRise));
  return [0.95, 0.9, 0.8, 0.5].find((floor) => worst < Infinity && worst > floor + (1 - floor) * 0.1) ?? 0;
}

/** The lowest value under each of its rules, after the rise. */
function worstAfterRise({ data, segments }: ChartLine): number[] {
  // Coarse means: a single batch is not to move the axis.
  const level = data.atMost(64);
  return segments.map((_, part) => {
    const values = [...level.y.subarray(...data.within(part, level))];
    const best = Math.max(...values);
    const first = values.findIndex((value) => value >= risen * best);
    return Math.min(...(values.length - first < fewest ? values : values.slice(Math.max(0, first))));
  });
}

const percent = (digits: number) => (value: number) => `${(100 * value).toFixed(digits)} %`;
const degrees = (digits: number) => (value: number) => `${value.toFixed(digits)}°`;
const plain = (value: number, digits = 3): string => {
  if (value >= 1e12) return value.toExponential(1);
  return value < 10_000 ? String(Number(value.toPrecision(digits))) : compact(value, digits);
};
/** Of a run that blows up, digits behind the point say nothing; of what is nearly 0, the first ones are all noughts. */
const fixed = (digits: number) => (value: number) =>
  value === 0 || (value >= 0.001 && value < 10_000) ? value.toFixed(digits) : plain(value);

const loss: ChartSpec = {
  id: 'loss',
  title: 'Loss',
  explanation:
    'Softmax cross-entropy, in nats. Dotted: training batches, a point for the mean of those since the last. Solid: all test images.',
  empty: 'The loss appears here as the network trains.',
  model(scene) {
    const lines = trainAndTest(scene, 'trainLoss', 'testLoss');
    const values = extent(lines, scene.steps);
    const { leastPositive, highest } = values;
    const log = scene.logLoss && Number.isFinite(leastPositive);
    const usual = nice(0, highest === -Infinity ? 2.5 : Math.max(highest, 0.1), 5);
    return {
      ...common(scene),
      lines,
      references: [],
      y: { domain: log ? [leastPositive / 1.1, highest * 1.1] : fitted(scene, values, usual), log },
      tick: plain,
      read: fixed(3),
      brief: fixed(3),
    };
  },
};

const accuracy: ChartSpec = {
  id: 'accuracy',
  title: 'Accuracy',
  explanation: 'Share of images named correctly. Dotted: training batches, likewise. Solid: all test images.',
  empty: 'The share of test images that the network names correctly.',
  model(scene) {
    const lines = trainAndTest(scene, 'trainAccuracy', 'testAccuracy');
    const [low, high] = fitted(scene, extent(lines, scene.steps), [accuracyFloor(lines), 1]);
    return {
      ...common(scene),
      lines,
      references: [],
      y: { domain: [low, Math.min(1, high)], log: false },
      tick: (value, digits) => `${plain(100 * value, digits)} %`,
      read: percent(2),
      brief: percent(2),
    };
  },
};

/** The two angles share their axis. */
const angleAxis = { domain: [0, 120], log: false, ticks: [0, 30, 60, 90, 120] } as const;

const angle: ChartSpec = {
  id: 'angle',
  title: 'Alignment angle',
  explanation:
    'Degrees between the feedback path and the forward weights of each layer. 0° is backpropagation. Layer 1’s leads to the images, where nothing learns from it.',
  empty: 'How far the way back is from a mirror of the way forward, for every layer.',
  model: (scene) => ({
    ...common(scene),
    lines: layerLines(scene, 'angle'),
    references: [
      { y: 90, label: 'random 90°', side: 'right', since: 0 },
      ...limitLines(scene, (limit) => limit.angle, 1, degrees(1)),
    ],
    y: angleAxis,
    tick: degrees(0),
    read: degrees(1),
    brief: degrees(0),
  }),
};

const update: ChartSpec = {
  id: 'update',
  title: 'Update angle',
  explanation: 'Degrees between the rule’s weight update and the exact gradient on the same batch, for each layer.',
  empty: 'How far each layer’s update is from the exact gradient of the same batch.',
  model: (scene) => ({
    ...common(scene),
    lines: layerLines(scene, 'update'),
    references: [{ y: 90, label: 'orthogonal 90°', side: 'right', since: 0 }],
    y: angleAxis,
    tick: degrees(0),
    read: degrees(1),
    brief: degrees(0),
  }),
};

const ratio: ChartSpec = {
  id: 'ratio',
  title: 'Norm ratio',
  explanation: 'Norm of the feedback path over the norm of the forward weights of each layer. 1 is backpropagation.',
  empty: 'How strong the way back is, beside the way forward, for every layer.',
  model(scene) {
    const lines = layerLines(scene, 'ratio');
    const values = extent(lines, scene.steps);
    const usual = nice(0, Math.max(values.highest, 1.4), 5);
    const theory = limitLines(scene, (limit) => limit.ratio, 0.02, fixed(2)).filter(({ y }) => Math.abs(y - 1) > 1e-6);
    return {
      ...common(scene),
      lines,
      references: [{ y: 1, label: '', side: 'right', since: 0 }, ...theory],
      y: { domain: fitted(scene, values, usual), log: false },
      tick: plain,
      read: fixed(3),
      brief: fixed(2),
    };
  },
};

export const specs = { loss, accuracy, angle, update, ratio } as const;
