import { comparePair, planPair, scratchLike, type Pair } from './comparison.ts';
import { dispatch, type Dispatch } from './kernel.ts';
import { inner, straddle } from './kernels/compare.ts';
import { combine } from './kernels/combine.ts';
import { pullback } from './kernels/pullback.ts';
import type { Matrix, WeightLayer } from './operator.ts';
import type { Pass } from './pass.ts';
import type { Tensor } from './tensor.ts';

/** Compares a layer's weight gradients under two ways back, which are recorded one after the other. */
export interface UpdateComparison {
  readonly pair: Pair;
  /** What to record once the first way back has brought its error e to the layer's output; x is the layer's input. */
  first(x: Tensor, e: Tensor): Dispatch[];
  /** The same for the second way back. */
  second(x: Tensor, e: Tensor): Dispatch[];
}

/** The comparison for a layer: from the errors alone, where that takes less arithmetic. */
export function compareUpdates(layer: WeightLayer, pass: Pass): UpdateComparison {
  const { rows, columns } = layer.weight;
  const fewer = pass.batch * (rows + 4 * columns) < 2 * rows * columns;
  return layer.operator.rowwise && fewer ? compareErrors(layer, pass) : compareGradients(layer, pass);
}

/** Computes both gradients. */
function compareGradients({ index, operator, weight }: WeightLayer, { plan, batch }: Pass): UpdateComparison {
  const pair = planPair(plan, `update${index}`);
  const u = scratchLike(weight, plan);
  const v: Matrix = { ...u, value: plan.tensor(`probe.second.${weight.name}`, u.value.size) };
  return {
    pair,
    first: (x, e) => operator.outer(u, x, e, batch),
    second: (x, e) => [
      ...operator.outer(v, x, e, batch),
      ...comparePair(pair, u.value, v.value, weight.rows * weight.columns),
    ],
  };
}

/**
 * Computes no gradient. With the inputs X of all M examples, one a row, and their errors A and B under the two ways back,
 * ⟨XᵀA, XᵀB⟩ = ⟨XXᵀ, ABᵀ⟩, and these are matrices of M × M. Difference and sum of the normalised gradients are computed from
 * Â - B̂ and Â + B̂ in the same way, so that small angles stay exact.
 */
function compareErrors({ index, weight }: WeightLayer, { plan, batch }: Pass): UpdateComparison {
  const pair = planPair(plan, `update${index}`);
  const { columns } = weight;
  const errors = batch * columns;
  const kept = plan.tensor(`probe.errors.kept.${index}`, errors);
  const square = (name: string): Tensor => plan.tensor(`probe.gram.${name}`, batch * batch);
  const [inputs, left, right] = [square('inputs'), square('left'), square('right')];
  const [difference, sum] = ['difference', 'sum'].map((name) => plan.tensor(`probe.errors.${name}.${columns}`, errors));
  /** dx = e eᵀ, over rows of `length` numbers. */
  const gram = (dx: Tensor, e: Tensor, length: number): Dispatch =>
    dispatch(
      pullback,
      { dx, e, v: e, x: e },
      { M: batch, N: batch, K: length, V_SIZE: e.size, MASK: false, ADD: false },
    );
  const grams = (a: Tensor, b: Tensor, partial: Tensor): Dispatch[] => [
    gram(left, a, columns),
    gram(right, b, columns),
    dispatch(inner, { partial, k: inputs, a: left, b: right }, { COUNT: inputs.size }),
  ];
  return {
    pair,
    first: (_, e) => [dispatch(combine, { value: kept, a: e, b: e }, { COUNT: errors, GAIN: 0 })],
    second: (x, e) => [
      gram(inputs, x, weight.rows),
      ...grams(kept, e, pair.norms),
      dispatch(straddle, { difference, sum, norms: pair.norms, a: kept, b: e }, { COUNT: errors }),
      ...grams(difference, sum, pair.angle),
    ],
  };
}
