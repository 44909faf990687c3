import type { Shape } from '../model/shape.ts';

/** What a network must fit on either side: one image, and the names to choose from. */
export interface DatasetShape {
  readonly image: Shape;
  readonly classes: number;
}

const mnist: DatasetShape = { image: { height: 28, width: 28, channels: 1 }, classes: 10 };

const shapes: Readonly<Record<string, DatasetShape>> = {
  mnist,
  'fashion-mnist': mnist,
  'cifar-10': { image: { height: 32, width: 32, channels: 3 }, classes: 10 },
};

/** The shape of a data set's examples, known before its files are; a set that nobody knows is taken to be like MNIST. */
export const datasetShape = (dataset: string): DatasetShape => shapes[dataset] ?? mnist;
