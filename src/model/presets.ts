import type { Experiment } from './experiment.ts';
import { defaultsFor, fieldKeys, fields } from './fields.ts';
import { convolve, parseNetwork, printNetwork, type LayerSpec } from './network.ts';
import { ruleOf, rules } from './rules/index.ts';

/** Settings by the rule that wants them, by its id. */
type Wishes = Readonly<Record<string, Partial<Experiment>>>;

/** A network by its name, with the settings that it is usually trained with where they differ from the common ones. */
export interface NetworkPreset {
  readonly id: string;
  readonly name: string;
  /** One sentence: what it is and where it comes from. */
  readonly help: string;
  readonly layers: readonly LayerSpec[];
  readonly settings: Partial<Experiment>;
  /** Where a rule wants others on it. */
  readonly wishes: Wishes;
}

const preset = (
  id: string,
  name: string,
  help: string,
  notation: string,
  settings: Partial<Experiment> = {},
  wishes: Wishes = {},
): NetworkPreset => ({ id, name, help, layers: parseNetwork(notation), settings, wishes });

/** Strong early decay is a rule's wish; how strong it has to be depends on the network (algorithms.md section 3). */
const strongDecay = (earlyDecay: number): Wishes =>
  Object.fromEntries(
    rules.filter(({ defaults }) => defaults.earlyDecay !== undefined).map(({ id }) => [id, { earlyDecay }]),
  );

/** Rates for the rules whose losses run away beside convolutions at the one that the others take (bench/README.md). */
const gentle = (fa: number, dfa: number, pal: number): Wishes => ({
  fa: { rate: fa },
  dfa: { rate: dfa },
  pal: { rate: pal },
});

/** What rules want on any network with convolutions. */
const besideConvolutions: Wishes = {
  ...gentle(0.001, 0.001, 0.0003),
  // Lag costs a mirror more than noise there, in the fully connected layers too (section 5).
  wm: { mirrorRate: 0.2, mirrorBatch: 128 },
};

/** `count` residual blocks of two 3×3 convolutions with batch norm; the first has the stride. */
const stage = (option: 'a' | 'b', count: number, channels: number, stride: number): string =>
  Array.from({ length: count }, (_, i) => {
    const first = `c${channels}k3${stride > 1 && i === 0 ? `s${stride}` : ''}nl`;
    return `${option}(${first}-bn-c${channels}k3nl-bnl)`;
  }).join('-');

/** ResNet-20 for CIFAR-10, its stages `width`, 2·`width` and 4·`width` channels wide; 16 is the original. */
export const resnet20 = (width: number): string =>
  [`c${width}k3nl-bn`, stage('a', 3, width, 1), stage('a', 3, 2 * width, 2), stage('a', 3, 4 * width, 2), 'gavg'].join(
    '-',
  );

const resnet18 = [
  'c64k7s2nl-bn-max3s2p1',
  stage('b', 2, 64, 1),
  stage('b', 2, 128, 2),
  stage('b', 2, 256, 2),
  stage('b', 2, 512, 2),
  'gavg',
].join('-');

/** The networks that the page offers by name; the output layer comes on top. */
export const networkPresets: readonly NetworkPreset[] = [
  preset('mlp', 'MLP', 'The paper’s network for MNIST: two hidden layers of 512 units.', '512-512'),
  preset(
    'cnn-small',
    'Small CNN',
    'Two convolutions with stride 2, 8 and 16 channels.',
    'c8k3s2-c16k3s2-flat',
    { rate: 0.02 },
    gentle(0.01, 0.002, 0.01),
  ),
  preset(
    'cnn',
    'CNN',
    'Two convolutions, 16 and 32 channels, the second with stride 2.',
    'c16k3-c32k3s2-flat',
    { rate: 0.02 },
    // With the many inputs of its last layer a mirror is noisy.
    { ...gentle(0.01, 0.001, 0.01), wm: { rate: 0.01 } },
  ),
  preset(
    'lenet-5',
    'LeNet-5',
    'LeCun et al. 1998, with ReLU and max pooling.',
    'c6k5-max2-c16k5p0-max2-flat-120-84',
    {},
    gentle(0.001, 0.0001, 0.0003),
  ),
  preset(
    'resnet-20',
    'ResNet-20',
    'He et al. 2016 for CIFAR-10, as in the paper: three stages of three residual blocks, shortcuts of option A.',
    resnet20(16),
    { batch: 128, epochs: 200, rate: 0.1, rateDrops: [100, 150, 200], rateFactor: 0.1 },
    { ...strongDecay(0.005), dfa: { rate: 1e-3 } },
  ),
  preset(
    'resnet-18',
    'ResNet-18',
    'He et al. 2016 for ImageNet: four stages of two residual blocks, shortcuts of option B.',
    resnet18,
    { batch: 128, epochs: 75, rate: 0.1, rateDrops: [20, 40, 60], rateFactor: 0.1 },
    strongDecay(0.0005),
  ),
];

/** The preset that some layers are, if they are one. */
export function presetOf(layers: readonly LayerSpec[]): NetworkPreset | undefined {
  const notation = printNetwork(layers);
  return networkPresets.find((preset) => printNetwork(preset.layers) === notation);
}

/** The recommended experiment for a rule on a network; for one without a name, what the rule wants on any of its sort. */
export function recommended(rule: string, layers: readonly LayerSpec[]): Experiment {
  const known = presetOf(layers);
  const wishes = convolve(layers) ? besideConvolutions[rule] : undefined;
  return { ...defaultsFor(rule), ...wishes, ...known?.settings, ...known?.wishes[rule], layers };
}

/**
 * The experiment under another rule, on another network, or both: settings that stood at what was recommended follow,
 * and whatever else was chosen stays. So it is the same which of the two was chosen first.
 */
export function adapt(experiment: Experiment, rule: string, layers: readonly LayerSpec[]): Experiment {
  const from = recommended(experiment.rule, experiment.layers);
  const to = recommended(rule, layers);
  const follow = fieldKeys.filter((key) => JSON.stringify(experiment[key]) === JSON.stringify(from[key]));
  return { ...experiment, ...Object.fromEntries(follow.map((key) => [key, to[key]])) };
}

export const withRule = (experiment: Experiment, rule: string): Experiment =>
  adapt(experiment, rule, experiment.layers);

export const withPreset = (experiment: Experiment, { layers }: NetworkPreset): Experiment =>
  adapt(experiment, experiment.rule, layers);

/**
 * The settings under which a rule takes over from another one (by its id) a run of so many epochs: its early phase, if it has one,
 * begins there with its feedback. One that computes the same in another way goes on as it was.
 */
export function takingOver(experiment: Experiment, before: string, epochs: number): Experiment {
  const { rule, decay, earlyDecay, earlyEpochs } = experiment;
  if (earlyDecay === decay || earlyEpochs > epochs || ruleOf(rule).equals?.id === before) return experiment;
  const until = Math.ceil(10 * (epochs + defaultsFor(rule).earlyEpochs)) / 10;
  return { ...experiment, earlyEpochs: Math.min(until, fields.earlyEpochs.max) };
}
