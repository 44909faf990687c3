import type { Shape } from '../model/shape.ts';

/** What a network must fit on either side: one image, and the names to choose from. */
export interface DatasetShape {
  readonly image: Shape;
  readonly classes: number;
}

const mnist: DatasetShape = { image: { height: 28, width: 28, channels: 1 }, classes: 10 };

const shapes: Readonly<Record<string, DatasetShape>> = { mnist };

/** The shape of a data set's examples, known before its files are. */
export const datasetShape = (dataset: string): DatasetShape => shapes[dataset] ?? mnist;
