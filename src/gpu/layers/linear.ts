import type { Linear } from '../../model/layers/linear.ts';
import { dispatch } from '../kernel.ts';
import { apply } from '../kernels/apply.ts';
import { outer } from '../kernels/outer.ts';
import { pullback } from '../kernels/pullback.ts';
import { transpose } from '../kernels/transpose.ts';
import type { LayerHalf } from '../network.ts';
import type { Operator } from '../operator.ts';
import { forwardWeight } from '../pathway.ts';
import type { Plan } from '../plan.ts';

/** The products of a fully connected layer, one example a row. `plan` has the room to transpose these. */
const products = (plan: Plan): Operator => ({
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
      // Without a gate the shader does not read x, but something has to be bound there.
      { dx, e, v: v.value, x: gate ?? e },
      { M: batch, N: v.rows, K: v.columns, V_SIZE: v.value.size, MASK: gate !== null, ADD: add },
    ),
  descend: (v, velocity, x, e, rates, batch) => [
    dispatch(
      outer,
      { v: v.value, velocity, x, e, rates, mask: v.sparse?.bits ?? x },
      { M: batch, N: v.rows, K: v.columns, BIAS: v.bias, MASKED: v.sparse !== null },
    ),
  ],
  outer({ value, rows, columns }, x, e, batch) {
    const turned = plan.tensor(`${x.name}.turned`, x.size);
    return [
      dispatch(transpose, { y: turned, x, gate: x }, { M: 1, ROWS: batch, COLUMNS: rows, MASK: false, ADD: false }),
      dispatch(
        apply,
        { z: value, x: turned, v: e },
        { M: rows, N: columns, K: batch, X_SIZE: x.size, V_SIZE: e.size, BIAS: false, RELU: false },
      ),
    ];
  },
});

export const linear: LayerHalf<Linear> = {
  build(spec, { weight }, network) {
    const layer = network.weightLayer(weight, products(network.plan));
    return { weight: layer, forward: (input, pass) => forwardWeight(layer, input, pass, spec.relu) };
  },
};
