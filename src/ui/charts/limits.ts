import type { Experiment } from '../../model/experiment.ts';
import type { FeedbackSpec, Rule } from '../../model/rules/rule.ts';
import type { WeightShape } from '../../model/shape.ts';

/** Where a layer's path ends up once the random start of its feedback is forgotten. */
export interface Limit {
  /** Degrees between path and forward weight. */
  readonly angle: number;
  /** Norm of the path over the norm of the forward weight. */
  readonly ratio: number;
}

/** E[b⁴]/E[b²]² of a uniform law. */
const uniformKurtosis = 1.8;

/** How much of λ/ρ the unevenness may be. */
const mostUneven = 0.5;

const degrees = (radians: number): number => (radians * 180) / Math.PI;

/**
 * The limit of a path through a random projection B and a learned R (algorithms.md sections 8.6 and 10):
 * tan²θ = λ/ρ + (k/ρ² - 1)/Nm - λ/N_out and ratio = √(ρ² + ρλ), ρ being the share of connections that are left. The last
 * term of the angle belongs to the dense form and vanishes beside λ. All this is for a W that knows nothing of B and the
 * masks. Where these leave some connections much more than others, W comes to be large on those and the path ends up nearer (at
 * 36° and not at 59° in a layer of ten outputs with a tenth of its connections): null there.
 */
function projectedLimit(outputs: number, channels: number, density: number): Limit | null {
  const lambda = outputs / channels;
  const unevenness = (uniformKurtosis / density ** 2 - 1) / channels;
  if (unevenness > mostUneven * (lambda / density)) return null;
  const squaredTangent = lambda / density + unevenness - 1 / channels;
  return {
    angle: degrees(Math.atan(Math.sqrt(squaredTangent))),
    ratio: Math.sqrt(density ** 2 + density * lambda),
  };
}

/** A layer's limit under a rule, or null where no closed form is known. It follows from the tensors that the rule asks for. */
export function limitOf(rule: Rule, layer: WeightShape, experiment: Experiment, classes: number): Limit | null {
  if (rule.equals) return limitOf(rule.equals, layer, { ...experiment, sparsity: 0 }, classes);
  const specs: readonly FeedbackSpec[] = Object.values(rule.feedback(layer, experiment, classes));
  const projection = specs.find((spec) => spec.form === 'projection');
  const learned = specs.find((spec) => spec.form === 'kernel' && spec.role === 'learned');
  // With any other tensor the path is not B·R alone.
  if (!projection || !learned || specs.length > 2) return null;
  if (projection.init.law === 'glorot')
    return projectedLimit(layer.outputs, projection.channels, 1 - experiment.sparsity);
  return projection.init.law === 'orthogonal' && experiment.sparsity === 0 ? { angle: 0, ratio: 1 } : null;
}

/** A limit that holds for these layers, counted from 0. */
export interface SharedLimit {
  readonly layers: readonly number[];
  readonly value: number;
}

/** Joins limits that differ by at most `tolerance`; layers without one are left out. */
export function shareLimits(values: readonly (number | null)[], tolerance: number): SharedLimit[] {
  const shared: { layers: number[]; value: number }[] = [];
  values.forEach((value, layer) => {
    if (value === null) return;
    const same = shared.find((limit) => Math.abs(limit.value - value) <= tolerance);
    if (same) same.layers.push(layer);
    else shared.push({ layers: [layer], value });
  });
  return shared;
}
