import type { WeightShape } from '../shape.ts';

/** The standard deviation of Glorot's law, √(2/(fan_in + fan_out)): the one magnitude of uniform sign-concordant feedback. */
export const fanScale = ({ inputs, outputs, kernel }: WeightShape): number =>
  Math.sqrt(2 / ((inputs + outputs) * kernel * kernel));
