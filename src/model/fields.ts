import { knownDatasets, ownDataset } from './datasets.ts';
import type { Experiment, FieldKey } from './experiment.ts';
import { parseNetwork, type LayerSpec } from './network.ts';
import { rules, ruleOf } from './rules/index.ts';

/** A field as the page shows it and the URL writes it. */
interface Common<Value> {
  readonly label: string;
  /** One sentence: what it does. */
  readonly help: string;
  /** Its name in the URL fragment. */
  readonly short: string;
  /** Whether a change acts on the running network or asks for a restart. */
  readonly effect: 'live' | 'restart';
  readonly initial: Value;
}
export interface NumberField extends Common<number> {
  readonly kind: 'number' | 'integer';
  readonly min: number;
  readonly max: number;
  /** How a slider moves: in equal steps or in equal factors. */
  readonly scale: 'linear' | 'log';
  readonly step: number;
}
export interface ChoiceField extends Common<string> {
  readonly kind: 'choice';
  readonly options: readonly { readonly value: string; readonly label: string }[];
  /** Whether an option can be had only where its files are. */
  readonly needsFiles?: boolean;
}
export interface NetworkField extends Common<readonly LayerSpec[]> {
  readonly kind: 'network';
}
export interface ListField extends Common<readonly number[]> {
  readonly kind: 'list';
  readonly min: number;
  readonly max: number;
  /** How many numbers it takes. */
  readonly most: number;
}
export type Field = NumberField | ChoiceField | NetworkField | ListField;

/** The one table of all settings: defaults, limits, names. The page, the URL and the files are made from it. */
export const fields = {
  rule: {
    kind: 'choice',
    label: 'Learning rule',
    short: 'rule',
    effect: 'restart',
    initial: 'pfa',
    help: 'How the error gets back through the network.',
    options: rules.map((rule) => ({ value: rule.id, label: rule.name })),
  },
  dataset: {
    kind: 'choice',
    label: 'Data set',
    short: 'data',
    effect: 'restart',
    initial: 'mnist',
    help: 'The images that the network learns to tell apart. A set that this site does not have is added from its files, under Files.',
    options: [
      ...Object.entries(knownDatasets).map(([value, { name }]) => ({ value, label: name })),
      { value: ownDataset.id, label: ownDataset.name },
    ],
    needsFiles: true,
  },
  augment: {
    kind: 'choice',
    label: 'Augmentation',
    short: 'aug',
    effect: 'restart',
    initial: 'none',
    help: 'Shifts every training image by up to 4 pixels and mirrors every other one, differently at each step.',
    options: [
      { value: 'none', label: 'None' },
      { value: 'crop-flip', label: 'Random crop and flip' },
    ],
  },
  layers: {
    kind: 'network',
    label: 'Network',
    short: 'net',
    effect: 'restart',
    initial: parseNetwork('512-512'),
    help: 'The layers between the image and the output; a number is a fully connected layer with that many units.',
  },
  expansion: {
    kind: 'number',
    label: 'Expansion ratio',
    short: 'x',
    effect: 'restart',
    initial: 10,
    min: 1,
    max: 100,
    scale: 'log',
    step: 0.1,
    help: 'Units of the intermediate error population for each output unit of a layer (1/λ). More units, a smaller residual angle.',
  },
  sparsity: {
    kind: 'number',
    label: 'Feedback sparsity',
    short: 'sp',
    effect: 'live',
    initial: 0,
    min: 0,
    max: 0.99,
    scale: 'linear',
    step: 0.01,
    help: 'Share of the feedback connections that are cut. Cuts are nested: moving back restores the same connections; those that learn start again from 0.',
  },
  batch: {
    kind: 'integer',
    label: 'Batch',
    short: 'b',
    effect: 'restart',
    initial: 64,
    min: 1,
    max: 1024,
    scale: 'log',
    step: 1,
    help: 'Images per training step.',
  },
  epochs: {
    kind: 'integer',
    label: 'Epochs',
    short: 'ep',
    effect: 'live',
    initial: 40,
    min: 1,
    max: 1000,
    scale: 'log',
    step: 1,
    help: 'Training stops after so many passes through the training images.',
  },
  rate: {
    kind: 'number',
    label: 'Learning rate',
    short: 'lr',
    effect: 'live',
    initial: 0.01,
    min: 0,
    max: 10,
    scale: 'log',
    step: 0.0001,
    help: 'Step size η of gradient descent.',
  },
  rateDrops: {
    kind: 'list',
    label: 'Rate drops after epochs',
    short: 'lrd',
    effect: 'live',
    initial: [20, 30],
    min: 1,
    max: 1000,
    most: 1000,
    help: 'After each of these epochs the learning rate is multiplied by the drop factor.',
  },
  rateFactor: {
    kind: 'number',
    label: 'Rate drop factor',
    short: 'lrf',
    effect: 'live',
    initial: 0.5,
    min: 0.001,
    max: 1,
    scale: 'log',
    step: 0.001,
    help: 'What the learning rate is multiplied by at each drop.',
  },
  momentum: {
    kind: 'number',
    label: 'Momentum',
    short: 'mu',
    effect: 'live',
    initial: 0.9,
    min: 0,
    max: 0.999,
    scale: 'linear',
    step: 0.01,
    help: 'Share of the last update that carries over to the next one.',
  },
  decay: {
    kind: 'number',
    label: 'Weight decay',
    short: 'wd',
    effect: 'live',
    initial: 1e-4,
    min: 0,
    max: 1,
    scale: 'log',
    step: 1e-5,
    help: 'Pull of every trained weight towards zero.',
  },
  earlyDecay: {
    kind: 'number',
    label: 'Early weight decay',
    short: 'wd0',
    effect: 'live',
    initial: 1e-4,
    min: 0,
    max: 1,
    scale: 'log',
    step: 1e-5,
    help: 'Weight decay in the first epochs. KP and PFA need it strong, to forget the random start of their feedback.',
  },
  earlyEpochs: {
    kind: 'number',
    label: 'Early epochs',
    short: 'ep0',
    effect: 'live',
    initial: 1,
    min: 0,
    max: 100,
    scale: 'linear',
    step: 0.1,
    help: 'For how many epochs the early weight decay holds.',
  },
  mirrorRate: {
    kind: 'number',
    label: 'Mirror rate',
    short: 'mr',
    effect: 'restart',
    initial: 0.01,
    min: 0,
    max: 1,
    scale: 'log',
    step: 0.0001,
    help: 'Share λ of the feedback that each new noise correlation replaces, in fully connected layers.',
  },
  convMirrorRate: {
    kind: 'number',
    label: 'Mirror rate, conv',
    short: 'mrc',
    effect: 'restart',
    initial: 0.5,
    min: 0,
    max: 1,
    scale: 'log',
    step: 0.0001,
    help: 'The mirror rate of convolutional layers, where lag costs more than noise.',
  },
  noise: {
    kind: 'number',
    label: 'Noise',
    short: 'sd',
    effect: 'restart',
    initial: 1,
    min: 0.001,
    max: 10,
    scale: 'log',
    step: 0.001,
    help: 'Standard deviation σ of the noise that the feedback learns from.',
  },
  mirrorBatch: {
    kind: 'integer',
    label: 'Mirror batch',
    short: 'mb',
    effect: 'restart',
    initial: 64,
    // One example less its own mean is nothing.
    min: 2,
    max: 1024,
    scale: 'log',
    step: 1,
    help: 'Noise examples m in each mirror step. The feedback tends to (1 - 1/m) W, as their mean is taken off.',
  },
  mirrorSteps: {
    kind: 'integer',
    label: 'Mirror steps first',
    short: 'm0',
    effect: 'restart',
    initial: 300,
    min: 0,
    max: 10000,
    scale: 'linear',
    step: 1,
    help: 'Mirror steps before training starts; without them the first updates act like FA.',
  },
  alpha: {
    kind: 'number',
    label: 'Feedback scale',
    short: 'al',
    effect: 'restart',
    initial: 1,
    min: 0.01,
    max: 100,
    scale: 'log',
    step: 0.01,
    help: 'The correlations that hidden layers learn their feedback from are divided by this, α.',
  },
  outputAlpha: {
    kind: 'number',
    label: 'Feedback scale, output',
    short: 'alo',
    effect: 'restart',
    initial: 1,
    min: 0.01,
    max: 100,
    scale: 'log',
    step: 0.01,
    help: 'The feedback scale of the output layer.',
  },
  pathShare: {
    kind: 'number',
    label: 'Share of PFA',
    short: 'ps',
    effect: 'restart',
    initial: 0.69,
    min: 0,
    max: 1,
    scale: 'linear',
    step: 0.01,
    help: 'Share of the connections back that have no synapse of their own: their error takes the PFA path.',
  },
  fixedShare: {
    kind: 'number',
    label: 'Share of FA',
    short: 'fs',
    effect: 'restart',
    initial: 0.2,
    min: 0,
    max: 1,
    scale: 'linear',
    step: 0.01,
    help: 'Share of the connections back that are fixed random synapses; what is left copies the updates of the weights (KP).',
  },
  seed: {
    kind: 'integer',
    label: 'Seed',
    short: 'seed',
    effect: 'restart',
    initial: 1,
    min: 0,
    max: 4294967295,
    scale: 'linear',
    step: 1,
    help: 'Fixes the initial weights, the order of the images and all noise. Every rule starts from the same weights.',
  },
  replicas: {
    kind: 'integer',
    label: 'Seeds at once',
    short: 'n',
    effect: 'restart',
    initial: 1,
    min: 1,
    max: 32,
    scale: 'linear',
    step: 1,
    help: 'Networks that train in lock-step from successive seeds; charts then show mean ± standard deviation.',
  },
} as const satisfies { readonly [Key in FieldKey]: Field };

export const fieldKeys = Object.keys(fields) as FieldKey[];

/** The field of a key, without its literal type. */
export const fieldOf = (key: FieldKey): Field => fields[key];

/** The recommended experiment for a rule. */
export function defaultsFor(rule: string): Experiment {
  const initial = Object.fromEntries(fieldKeys.map((key) => [key, fields[key].initial])) as unknown as Experiment;
  return { ...initial, ...ruleOf(rule).defaults, rule };
}

export const defaultExperiment: Experiment = defaultsFor(fields.rule.initial);
