import { linear } from './layers/linear.ts';
import { flat, type WeightShape } from './shape.ts';

/** The weight of a fully connected layer. */
export const fullyConnected = (inputs: number, outputs: number): WeightShape =>
  linear.weight({ kind: 'linear', outputs, relu: true }, flat(inputs)) as WeightShape;
