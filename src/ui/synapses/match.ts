import type { Experiment } from '../../model/experiment.ts';
import { fixedShareFor } from '../../model/rules/mixed.ts';
import { glorotDeviation, type WeightShape } from '../../model/shape.ts';
import { cortex } from '../../model/synapses.ts';

/**
 * The share of fixed synapses that brings the mixed rule's explicit feedback in `layer` to the cortex's correlation: the fixed
 * ones keep the variance of Glorot's law, 2 / (fan_in + fan_out), while that of W is `variance`, as it was measured.
 */
export function shareLikeCortex({ pathShare }: Experiment, layer: WeightShape, variance: number): number {
  const spread = glorotDeviation(layer) ** 2 / variance;
  return Number(fixedShareFor(cortex.correlation, pathShare, spread).toFixed(3));
}
