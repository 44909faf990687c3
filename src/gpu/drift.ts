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
 * learns what W learns, through B, so that W G with G = B Bᵀ takes the updates that R Bᵀ takes; the rest, D = R Bᵀ - W G, takes none,
 * and only decays (design.md section 7). So one look multiplies and keeps D and its velocity, the next ones extrapolate:
 * R Bᵀ = W G + p D + q V, as long as nothing but steps of dense feedback lies between.
 */
export class Paths {
  /** Every path, by its product. */
  readonly multiplied: Dispatch[] = [];
  /** The same, and what is needed to extrapolate from there. */
  readonly anchored: Dispatch[] = [];
  /** Every path, from what was kept. */
  readonly extrapolated: Dispatch[] = [];
  /** [R][2]: p and q. */
  readonly factors: Tensor;
  readonly #plan: Plan;
  readonly #extrapolates: boolean;

  /** Without `extrapolates` every look multiplies, and what it sees depends on nothing but the state. */
  constructor(plan: Plan, extrapolates: boolean) {
    this.#plan = plan;
    this.#extrapolates = extrapolates;
    this.factors = plan.tensor('path.factors', 2);
  }

  /** Records the path of a layer's B and R; like the weight, without its bias. */
  of(layer: WeightLayer, projection: Matrix, kernel: Matrix): Matrix {
    const [rows, columns] = [kernel.rows, projection.rows];
    const tensor = (name: string, size = rows * columns): Tensor =>
      this.#plan.tensor(`path.${layer.index}${name}`, size);
    const path: Matrix = { rows, columns, value: tensor('') };
    const product = timesTransposed(path, kernel, projection);
    this.multiplied.push(product);
    const { weight } = layer;
    // With no more than W's own columns, R Bᵀ is no dearer than W G.
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

/** What a step of SGD without a gradient makes of a number: itself and its velocity, as multiples of what both were. */
interface Decay {
  /** Multiples of the number and of the velocity that the number is now. */
  readonly value: readonly [number, number];
  /** And that the velocity is. */
  readonly velocity: readonly [number, number];
}

/** How far the rest of a path has decayed since it was last looked at, in every replica. */
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

  /** Everything was just looked at, in `replicas` replicas. */
  restart(replicas: number): void {
    this.#decays = Array.from({ length: replicas }, () => ({ value: [1, 0], velocity: [0, 1] }));
  }

  /** Something else than a step has changed a tensor. */
  forget(): void {
    this.#decays = null;
  }

  /** `count` steps under the rates of each replica. */
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
