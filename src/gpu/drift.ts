import type { Rates } from '../model/schedule.ts';
import { scratchLike } from './comparison.ts';
import { dispatch, type Dispatch } from './kernel.ts';
import { combine, superpose } from './kernels/combine.ts';
import type { Matrix, WeightLayer } from './operator.ts';
import { times, timesTransposed } from './path.ts';
import type { Plan } from './plan.ts';
import type { Tensor } from './tensor.ts';

/**
 * The paths R Bᵀ that the metrics look at. Multiplied out, they take twice the arithmetic of a whole step of PFA. But R
 * gets W's updates times B, so R Bᵀ and W G, with G = B Bᵀ, get the same updates. Their difference D = R Bᵀ - W G gets none
 * and only decays (design.md section 7). So one look multiplies, and keeps D and its velocity V; the next ones extrapolate:
 * R Bᵀ = W G + p D + q V. This holds as long as only training steps with dense feedback lie between.
 */
export class Paths {
  /** Computes every path by its product. */
  readonly multiplied: Dispatch[] = [];
  /** The same, and keeps G, D and V for the looks that follow. */
  readonly anchored: Dispatch[] = [];
  /** Computes every path from what was kept. */
  readonly extrapolated: Dispatch[] = [];
  /** [R][2]: p and q, written before `extrapolated` runs. */
  readonly factors: Tensor;
  readonly #plan: Plan;
  readonly #extrapolates: boolean;

  /** Unless it `extrapolates`, every look multiplies, and its result depends on nothing but the present state. */
  constructor(plan: Plan, extrapolates: boolean) {
    this.#plan = plan;
    this.#extrapolates = extrapolates;
    this.factors = plan.tensor('path.factors', 2);
  }

  /** Records the path of a layer's B and R; it is shaped like the weight without its bias. */
  of(layer: WeightLayer, projection: Matrix, kernel: Matrix): Matrix {
    const [rows, columns] = [kernel.rows, projection.rows];
    const tensor = (name: string, size = rows * columns): Tensor =>
      this.#plan.tensor(`path.${layer.index}${name}`, size);
    const path: Matrix = { rows, columns, value: tensor('') };
    const product = timesTransposed(path, kernel, projection);
    this.multiplied.push(product);
    const { weight } = layer;
    // If R has no more columns than W, R Bᵀ costs no more than W G.
    if (!this.#extrapolates || !kernel.velocity || !weight.velocity || kernel.columns <= columns) {
      this.anchored.push(product);
      this.extrapolated.push(product);
      return path;
    }
    const G: Matrix = { rows: columns, columns, value: tensor('.G', columns ** 2) };
    const [D, V] = [tensor('.D'), tensor('.V')];
    const COUNT = rows * columns;
    const filtered = scratchLike(weight, this.#plan);
    const filter = (value: Tensor): Dispatch => times(filtered, { rows, columns, value }, G);
    const keep = (value: Tensor): Dispatch =>
      dispatch(combine, { value, a: path.value, b: filtered.value }, { COUNT, GAIN: -1 });
    this.anchored.push(
      timesTransposed(G, projection, projection),
      timesTransposed(path, { ...kernel, value: kernel.velocity }, projection),
      filter(weight.velocity),
      keep(V),
      product,
      filter(weight.value),
      keep(D),
    );
    this.extrapolated.push(
      filter(weight.value),
      dispatch(superpose, { value: path.value, factors: this.factors, a: filtered.value, b: D, c: V }, { COUNT }),
    );
    return path;
  }
}

/** A number and its velocity under SGD without gradients, as combinations of what both were at the start. */
interface Decay {
  /** [a, b]: the number is now a times the first number plus b times the first velocity. */
  readonly value: readonly [number, number];
  /** The same for the velocity. */
  readonly velocity: readonly [number, number];
}

/** How far D has decayed, in every replica, since the paths were last multiplied out. */
export class Drift {
  #decays: readonly Decay[] | null = null;

  /** Whether there is something to extrapolate from. */
  get known(): boolean {
    return this.#decays !== null;
  }

  /** p and q of every replica. */
  get factors(): Float64Array<ArrayBuffer> {
    return Float64Array.from((this.#decays ?? []).flatMap(({ value }) => value));
  }

  /** The paths of `replicas` replicas have just been multiplied out. */
  restart(replicas: number): void {
    this.#decays = Array.from({ length: replicas }, () => ({ value: [1, 0], velocity: [0, 1] }));
  }

  /** Something other than a training step has changed a tensor. */
  forget(): void {
    this.#decays = null;
  }

  /** `count` steps have been made under these rates, one entry a replica. */
  advance(count: number, rates: readonly Rates[]): void {
    for (let step = 0; step < count; step++)
      this.#decays = this.#decays?.map((decay, replica) => decayed(decay, rates[replica])) ?? null;
  }
}

/** One step of SGD (algorithms.md section 3) whose gradient is zero. */
function decayed({ value: [p, q], velocity: [dp, dq] }: Decay, { rate, momentum, decay }: Rates): Decay {
  const velocity = [momentum * dp + decay * p, momentum * dq + decay * q] as const;
  return { velocity, value: [p - rate * velocity[0], q - rate * velocity[1]] };
}
