import type { Shape } from './shape.ts';

/** What a network must fit on either side: one image, and the names to choose from. */
export interface DatasetShape {
  shape: Shape;
  classes: number;
}

/** What is known beforehand about a data set. */
export interface DatasetMeta extends DatasetShape {
  name: string;
  licence: string;
  /** What its classes are; numbers where they are left out. */
  classNames?: readonly string[];
  /** Per channel, of values in [0, 1]. */
  mean: number[];
  std: number[];
}

/**
 * The data sets that come with their own normalisation, the customary per-channel figures of their training images; and how
 * many images they have.
 */
export const knownDatasets = {
  mnist: {
    name: 'MNIST',
    licence: 'CC BY-SA 3.0, Yann LeCun and Corinna Cortes',
    shape: { height: 28, width: 28, channels: 1 },
    classes: 10,
    mean: [0.1307],
    std: [0.3081],
    images: { train: 60_000, test: 10_000 },
  },
  'fashion-mnist': {
    name: 'Fashion-MNIST',
    licence: 'MIT, Zalando SE',
    classNames: ['T-shirt', 'trousers', 'pullover', 'dress', 'coat', 'sandal', 'shirt', 'sneaker', 'bag', 'boot'],
    shape: { height: 28, width: 28, channels: 1 },
    classes: 10,
    mean: [0.286],
    std: [0.353],
    images: { train: 60_000, test: 10_000 },
  },
  'cifar-10': {
    name: 'CIFAR-10',
    licence: 'none stated; cite Krizhevsky, “Learning Multiple Layers of Features from Tiny Images”, 2009',
    classNames: ['plane', 'car', 'bird', 'cat', 'deer', 'dog', 'frog', 'horse', 'ship', 'truck'],
    shape: { height: 32, width: 32, channels: 3 },
    classes: 10,
    mean: [0.4914, 0.4821, 0.4465],
    std: [0.247, 0.2435, 0.2616],
    images: { train: 50_000, test: 10_000 },
  },
} satisfies Record<string, DatasetMeta & { images: { train: number; test: number } }>;

/** The visitor's own images. */
export const ownDataset = { id: 'own', name: 'Your images' } as const;

export type KnownId = keyof typeof knownDatasets;

export function isKnownId(id: string): id is KnownId {
  return Object.hasOwn(knownDatasets, id);
}

/** The shape of a data set's examples, known before its files are; `own` is that of the visitor's images, if there are any. */
export const datasetShape = (id: string, own: DatasetShape | null): DatasetShape =>
  isKnownId(id) ? knownDatasets[id] : (own ?? knownDatasets.mnist);

/** What a class of a data set is called; its number where nobody has given it a name. */
export function className(id: string, index: number): string {
  const { classNames }: Partial<DatasetMeta> = isKnownId(id) ? knownDatasets[id] : {};
  return classNames?.[index] ?? String(index);
}
