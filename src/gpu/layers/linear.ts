import type { Linear } from '../../model/layers/linear.ts';
import { dispatch } from '../kernel.ts';
import { apply } from '../kernels/apply.ts';
import { outer } from '../kernels/outer.ts';
import { pullback } from '../kernels/pullback.ts';
import type { LayerHalf } from '../network.ts';
import type { Operator } from '../operator.ts';
import { forwardWeight } from '../pathway.ts';

/** The products of a fully connected layer, over rows of examples. */
const product: Operator = {
  rowwise: true,
  apply: (z, x, v, batch, relu) =>
    dispatch(
      apply,
      { z, x, v: v.value },
      { M: batch, N: v.columns, K: v.rows, X_SIZE: x.size, V_SIZE: v.value.size, BIAS: v.bias, RELU: relu },
    ),
  pullback: ({ dx, gate, add }, e, v, batch) =>
    dispatch(
      pullback,
      // Without a gate the shader reads nothing from x, but the slot has to be filled.
      { dx, e, v: v.value, x: gate ?? e },
      { M: batch, N: v.rows, K: v.columns, V_SIZE: v.value.size, MASK: gate !== null, ADD: add },
    ),
  outer: (v, velocity, x, e, rates, batch) => [
    dispatch(
      outer,
      { v: v.value, velocity, x, e, rates, mask: v.sparse?.bits ?? x },
      { M: batch, N: v.rows, K: v.columns, BIAS: v.bias, MASKED: v.sparse !== null },
    ),
  ],
};

export const linear: LayerHalf<Linear> = {
  build(spec, { weight }, network) {
    const layer = network.weightLayer(weight, product);
    return { weight: layer, forward: (input, pass) => forwardWeight(layer, input, pass, spec.relu) };
  },
};
