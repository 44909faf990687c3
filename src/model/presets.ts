import type { Experiment } from './experiment.ts';
import { defaultsFor } from './fields.ts';
import { parseNetwork, type LayerSpec } from './network.ts';
import { ruleOf } from './rules/index.ts';

/** A network by its name, with the settings that it is usually trained with where they differ from the common ones. */
export interface NetworkPreset {
  readonly id: string;
  readonly name: string;
  /** One sentence: what it is and where it comes from. */
  readonly help: string;
  readonly layers: readonly LayerSpec[];
  readonly settings: Partial<Experiment>;
}

const preset = (
  id: string,
  name: string,
  help: string,
  notation: string,
  settings: Partial<Experiment> = {},
): NetworkPreset => ({ id, name, help, layers: parseNetwork(notation), settings });

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
  preset('cnn-small', 'Small CNN', 'Two convolutions with stride 2, 8 and 16 channels.', 'c8k3s2-c16k3s2-flat', {
    rate: 0.02,
  }),
  preset('cnn', 'CNN', 'Two convolutions, 16 and 32 channels, the second with stride 2.', 'c16k3-c32k3s2-flat', {
    rate: 0.02,
  }),
  preset('lenet-5', 'LeNet-5', 'LeCun et al. 1998, with ReLU and max pooling.', 'c6k5-max2-c16k5p0-max2-flat-120-84'),
  preset(
    'resnet-20',
    'ResNet-20',
    'He et al. 2016 for CIFAR-10, as in the paper: three stages of three residual blocks, shortcuts of option A.',
    resnet20(16),
    { batch: 128, epochs: 200, rate: 0.1, rateDrops: [100, 150, 200], rateFactor: 0.1, earlyDecay: 0.005 },
  ),
  preset(
    'resnet-18',
    'ResNet-18',
    'He et al. 2016 for ImageNet: four stages of two residual blocks, shortcuts of option B.',
    resnet18,
    { batch: 128, epochs: 75, rate: 0.1, rateDrops: [20, 40, 60], rateFactor: 0.1, earlyDecay: 0.0005 },
  ),
];

/** What presets set beside the network; choosing another one takes it back. */
const presetKeys = [
  'batch',
  'epochs',
  'rate',
  'rateDrops',
  'rateFactor',
  'earlyDecay',
] as const satisfies readonly (keyof Experiment)[];

/** The experiment on a preset's network and with its settings; seed, rule and what concerns the feedback stay. */
export function withPreset(experiment: Experiment, { layers, settings }: NetworkPreset): Experiment {
  const usual = defaultsFor(experiment.rule);
  // Strong early decay is the rule's wish; how strong it has to be depends on the network.
  const earlyDecay = (ruleOf(experiment.rule).defaults.earlyDecay && settings.earlyDecay) ?? usual.earlyDecay;
  const taken = Object.fromEntries(presetKeys.map((key) => [key, settings[key] ?? usual[key]]));
  return { ...experiment, ...taken, earlyDecay, layers };
}
