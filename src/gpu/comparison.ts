import { dispatch, type Dispatch } from './kernel.ts';
import { angle, norms, partials, sumPairs } from './kernels/compare.ts';
import type { Matrix } from './operator.ts';
import type { Parameter } from './parameter.ts';
import type { Plan } from './plan.ts';
import type { Numbers, Tensor } from './tensor.ts';

/** The result of comparing u and v, as partial sums: ‖u‖², ‖v‖² in one tensor, ‖û - v̂‖², ‖û + v̂‖² in the other. */
export interface Pair {
  readonly norms: Tensor;
  readonly angle: Tensor;
}

/** How u compares with v; NaN where one of them is zero, or so large that its square is infinite. */
export interface AngleAndRatio {
  /** In degrees. */
  readonly angle: number;
  /** ‖u‖ / ‖v‖. */
  readonly ratio: number;
}

/** Room for the comparison `name`. */
export const planPair = (plan: Plan, name: string): Pair => ({
  norms: plan.tensor(`probe.${name}.norms`, 2 * partials),
  angle: plan.tensor(`probe.${name}.angle`, 2 * partials),
});

/**
 * A matrix like a weight without its bias, for what is read by the same program that writes it: the paths (drift.ts) and
 * the probe's gradients (updates.ts) take turns with this memory.
 */
export const scratchLike = ({ name, rows, columns }: Parameter, plan: Plan): Matrix => ({
  rows,
  columns,
  value: plan.tensor(`probe.scratch.${name}`, rows * columns),
});

/** Compares the first `count` numbers of u and v. */
export function comparePair(pair: Pair, u: Tensor, v: Tensor, count: number): Dispatch[] {
  const constants = { COUNT: count, U_SIZE: u.size, V_SIZE: v.size };
  return [
    dispatch(norms, { partial: pair.norms, u, v }, constants),
    dispatch(angle, { partial: pair.angle, norms: pair.norms, u, v }, constants),
  ];
}

/** The angle and ratio in one replica, from the numbers of a pair. */
export function angleAndRatioOf(squares: Numbers, differences: Numbers, replica: number): AngleAndRatio {
  const of = (numbers: Numbers) => sumPairs(numbers.subarray(replica * 2 * partials, (replica + 1) * 2 * partials));
  const [uu, vv] = of(squares);
  // These may be sums of products, not of squares, and come out a rounding error below zero.
  const [minus, plus] = of(differences).map((sum) => Math.max(sum, 0));
  if (![uu, vv].every((square) => square > 0 && square < Infinity)) return { angle: NaN, ratio: NaN };
  return { angle: (2 * Math.atan2(Math.sqrt(minus), Math.sqrt(plus)) * 180) / Math.PI, ratio: Math.sqrt(uu / vv) };
}
