import { stream } from '../model/rng.ts';
import type { Shares } from '../model/rules/rule.ts';
import { dispatch, type Dispatch } from './kernel.ts';
import { apply } from './kernels/apply.ts';
import { mix } from './kernels/mix.ts';
import { pullback } from './kernels/pullback.ts';
import type { Matrix } from './operator.ts';
import type { Common } from './parameter.ts';
import type { Plan } from './plan.ts';

/** product = a bᵀ: [rows of a][rows of b]. */
export function timesTransposed(product: Matrix, a: Matrix, b: Matrix): Dispatch {
  const [M, N, K] = [a.rows, b.rows, a.columns];
  const tensors = { dx: product.value, e: a.value, v: b.value, x: a.value };
  return dispatch(pullback, tensors, { M, N, K, V_SIZE: b.value.size, MASK: false, ADD: false });
}

/** product = a b: [rows of a][columns of b]. A bias row of a is left out. */
export function times(product: Matrix, a: Matrix, b: Matrix): Dispatch {
  const [M, N, K] = [a.rows, b.columns, a.columns];
  const sizes = { X_SIZE: a.value.size, V_SIZE: b.value.size };
  const tensors = { z: product.value, x: a.value, v: b.value };
  return dispatch(apply, tensors, { M, N, K, BIAS: false, RELU: false, ...sizes });
}

/** R Bᵀ in memory of its own. For the B and R of a layer that is its path, shaped like the weight without its bias. */
export function multiplyPath(
  plan: Plan,
  index: number,
  projection: Matrix,
  kernel: Matrix,
): { path: Matrix; dispatches: Dispatch[] } {
  const [rows, columns] = [kernel.rows, projection.rows];
  const path: Matrix = { rows, columns, value: plan.tensor(`path${index}.${rows}.${columns}`, rows * columns) };
  return { path, dispatches: [timesTransposed(path, kernel, projection)] };
}

/** V G in our layout, shaped like V without a bias: a kernel whose output channels are mixed by a symmetric projection. */
export function filterKernel(
  plan: Plan,
  index: number,
  kernel: Matrix,
  projection: Matrix,
): { filtered: Matrix; dispatches: Dispatch[] } {
  const { rows, columns } = kernel;
  const filtered: Matrix = { rows, columns, value: plan.tensor(`filtered${index}`, rows * columns) };
  return { filtered, dispatches: [times(filtered, kernel, projection)] };
}

/** The kinds of synapses that a mixture chooses from. Without a path, connections of that kind are 0. */
export interface Mixture {
  readonly path: Matrix | null;
  readonly fixed: Matrix;
  readonly copied: Matrix;
  readonly shares: Shares;
}

/** Chooses the kind of every connection of layer `index`, the same ones whenever it is asked. */
export function mixSynapses(
  index: number,
  target: Matrix,
  { path, fixed, copied, shares }: Mixture,
  { seed }: Common,
): Dispatch {
  return dispatch(
    mix,
    { value: target.value, path: (path ?? fixed).value, frozen: fixed.value, copied: copied.value, seed },
    {
      COUNT: target.rows * target.columns,
      PATH_SHARE: shares.path,
      FIXED_SHARE: shares.fixed,
      EXPLICIT: path === null,
      STREAM: stream('mixture', index),
    },
  );
}
