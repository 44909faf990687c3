import { FaultError } from './fault.ts';
import { parseNetwork, printNetwork, type LayerSpec } from './network.ts';
import { rules, ruleOf } from './rules/index.ts';

/** Everything that defines a run: the same experiment on the same adapter gives the same bits. */
export interface Experiment {
  readonly rule: string;
  readonly dataset: string;
  /** The layers between the input and the output layer. */
  readonly layers: readonly LayerSpec[];
  /** What happens to a training image on its way in: nothing, or a random shift and mirroring. */
  readonly augment: string;
  /** Nm / N_out, the paper's 1/λ. */
  readonly expansion: number;
  /** Share of the feedback connections that are cut. */
  readonly sparsity: number;
  readonly batch: number;
  readonly epochs: number;
  readonly rate: number;
  /** Full epochs after which the learning rate is multiplied by `rateFactor`. */
  readonly rateDrops: readonly number[];
  readonly rateFactor: number;
  readonly momentum: number;
  readonly decay: number;
  /** Weight decay during the first `earlyEpochs` epochs. */
  readonly earlyDecay: number;
  readonly earlyEpochs: number;
  /** λ_B: share of the feedback that each correlation replaces (WM, PAL), in fully connected and in convolutional layers. */
  readonly mirrorRate: number;
  readonly convMirrorRate: number;
  /** Standard deviation σ of the noise (WM, PAL). */
  readonly noise: number;
  /** Noise examples of a mirror step, and mirror steps before training (WM). */
  readonly mirrorBatch: number;
  readonly mirrorSteps: number;
  /** α: what the correlation is divided by, in hidden layers and at the output (PAL). */
  readonly alpha: number;
  readonly outputAlpha: number;
  /** Shares of the connections that are PFA paths and fixed synapses (mixed); the rest copies the updates of W. */
  readonly pathShare: number;
  readonly fixedShare: number;
  readonly seed: number;
  /** Networks that train in lock-step, seeds `seed`, `seed + 1`, … */
  readonly replicas: number;
}

export type FieldKey = keyof Experiment;

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
}
export interface NetworkField extends Common<readonly LayerSpec[]> {
  readonly kind: 'network';
}
export interface ListField extends Common<readonly number[]> {
  readonly kind: 'list';
  readonly min: number;
  readonly max: number;
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
    help: 'The images that the network learns to tell apart.',
    options: [
      { value: 'mnist', label: 'MNIST' },
      { value: 'fashion-mnist', label: 'Fashion-MNIST' },
      { value: 'cifar-10', label: 'CIFAR-10' },
      { value: 'own', label: 'Your images' },
    ],
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
    help: 'Share of the feedback connections that are cut. Cuts are nested: moving back restores the same connections.',
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
    help: 'The same in convolutional layers, where lag costs more than noise.',
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
    min: 1,
    max: 1024,
    scale: 'log',
    step: 1,
    help: 'Noise examples in each mirror step.',
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
    help: 'What hidden correlations are divided by: α.',
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
    help: 'The same at the output layer.',
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

/** The same experiment under another rule; settings that stood at the old rule's recommendation follow the new one's. */
export function withRule(experiment: Experiment, rule: string): Experiment {
  const from = defaultsFor(experiment.rule);
  const to = defaultsFor(rule);
  const follow = fieldKeys.filter((key) => printField(key, experiment[key]) === printField(key, from[key]));
  return { ...experiment, ...Object.fromEntries(follow.map((key) => [key, to[key]])), rule };
}

/** A field's value as text, as the URL writes it. */
export function printField(key: FieldKey, value: Experiment[FieldKey]): string {
  if (fieldOf(key).kind === 'network') return printNetwork(value as readonly LayerSpec[]);
  return typeof value === 'object' ? value.join('-') : String(value);
}

/** Reads a field's text. Throws a FaultError('invalid') that says what the field takes. */
export function parseField(key: FieldKey, text: string): Experiment[FieldKey] {
  const field = fieldOf(key);
  if (field.kind === 'network') return parseNetwork(text);
  if (field.kind === 'choice') return checkChoice(field, text);
  if (field.kind === 'list')
    return text === ''
      ? []
      : text.split('-').map((item) => checkNumber(field, item.trim() === '' ? NaN : Number(item), true));
  return checkNumber(field, text.trim() === '' ? NaN : Number(text), field.kind === 'integer');
}

function checkChoice(field: ChoiceField, value: string): string {
  if (field.options.some((option) => option.value === value)) return value;
  throw new FaultError(
    'invalid',
    `${field.label} “${value}” is not one of ${field.options.map((o) => o.value).join(', ')}.`,
  );
}

function checkNumber(field: NumberField | ListField, value: number, whole: boolean): number {
  if (value >= field.min && value <= field.max && (!whole || Number.isInteger(value))) return value;
  throw new FaultError(
    'invalid',
    `${field.label} takes ${whole ? 'whole numbers' : 'numbers'} from ${field.min} to ${field.max}.`,
  );
}

/** An experiment as a URL fragment: only what differs from the rule's defaults. */
export function printFragment(experiment: Experiment): string {
  const defaults = defaultsFor(experiment.rule);
  const parts = fieldKeys
    .filter((key) => key === 'rule' || printField(key, experiment[key]) !== printField(key, defaults[key]))
    .map((key) => `${fields[key].short}=${encodeURIComponent(printField(key, experiment[key]))}`);
  return parts.join('&');
}

/** What was read from outside, and a sentence for everything that had to be replaced by its default. */
export interface Restored {
  readonly experiment: Experiment;
  readonly notices: readonly string[];
}

const maxFragment = 2048;

/** Reads a URL fragment. Whatever is wrong in it is replaced by the default, with a notice. */
export function parseFragment(fragment: string): Restored {
  const text = fragment.replace(/^#/, '');
  if (text.length > maxFragment)
    return {
      experiment: defaultExperiment,
      notices: ['The link is too long to be one of ours; the defaults are used.'],
    };
  const values = new Map<string, string>();
  const notices: string[] = [];
  for (const part of text.split('&').filter((piece) => piece !== '')) {
    const [short = '', value = ''] = part.split(/=(.*)/s);
    try {
      values.set(short, decodeURIComponent(value));
    } catch {
      notices.push(`The link's “${short}” is not readable; its default is used.`);
    }
  }
  return restore((key) => values.get(fields[key].short), notices);
}

/** An experiment as JSON-able data, for files. */
export function printExperiment(experiment: Experiment): Record<FieldKey, string | number | readonly number[]> {
  return Object.fromEntries(
    fieldKeys.map((key) => [key, fieldOf(key).kind === 'network' ? printField(key, experiment[key]) : experiment[key]]),
  ) as Record<FieldKey, string | number | readonly number[]>;
}

/** Reads `printExperiment`'s data, or any part of it; the rest stands at the rule's defaults. */
export function parseExperiment(data: unknown): Restored {
  if (typeof data !== 'object' || data === null || Array.isArray(data))
    return {
      experiment: defaultExperiment,
      notices: ['An experiment is a JSON object of settings, such as {"rule": "pfa", "seed": 1}.'],
    };
  const values = new Map(Object.entries(data));
  const notices = [...values.keys()]
    .filter((key) => !fieldKeys.includes(key as FieldKey))
    .map((key) => `There is no setting “${key}”; it is ignored.`);
  return restore((key) => {
    const value: unknown = values.get(key);
    if (value === undefined) return undefined;
    if (Array.isArray(value)) return value.join('-');
    return typeof value === 'string' || typeof value === 'number' ? String(value) : JSON.stringify(value);
  }, notices);
}

function restore(textOf: (key: FieldKey) => string | undefined, notices: string[]): Restored {
  const read = (key: FieldKey, fallback: Experiment): Experiment[FieldKey] => {
    const text = textOf(key);
    if (text === undefined) return fallback[key];
    try {
      return parseField(key, text);
    } catch (error) {
      notices.push(`${(error as Error).message} The default, ${printField(key, fallback[key])}, is used.`);
      return fallback[key];
    }
  };
  const defaults = defaultsFor(read('rule', defaultExperiment) as string);
  const entries = fieldKeys.filter((key) => key !== 'rule').map((key) => [key, read(key, defaults)]);
  return { experiment: { ...defaults, ...Object.fromEntries(entries) }, notices };
}
