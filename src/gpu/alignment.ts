import { bp } from '../model/rules/bp.ts';
import type { Comparison } from '../model/rules/rule.ts';
import { isFlat } from '../model/shape.ts';
import { dispatch, type Dispatch } from './kernel.ts';
import { apply } from './kernels/apply.ts';
import { angle, norms, partials, sumPairs } from './kernels/compare.ts';
import { combine } from './kernels/correlate.ts';
import type { Network } from './network.ts';
import { feedbackOf, type Matrix, type WeightLayer } from './operator.ts';
import type { Common } from './parameter.ts';
import { Backward, type Pass, type Sink, type Value } from './pass.ts';
import { filterKernel, mixSynapses, multiplyPath } from './path.ts';
import type { Plan } from './plan.ts';
import type { Numbers, Tensor } from './tensor.ts';

/** How one layer's way back lies to its weight (algorithms.md section 7). NaN where it is not defined. */
export interface Alignment {
  /** Between the path and W, in degrees. */
  readonly angle: number;
  /** ‖path‖ / ‖W‖. */
  readonly ratio: number;
  /** Between the rule's weight gradient and the exact one at the same weights and batch, in degrees. */
  readonly update: number;
}

/** The two tensors of a scatter: feedback against forward weights, `count` numbers in each replica. */
export interface Synapses {
  readonly back: Tensor;
  readonly forward: Tensor;
  readonly count: number;
}

/** A recorded comparison of two tensors; of one with itself there is nothing to compute. */
type Pair = { readonly norms: Tensor; readonly angle: Tensor } | 'same';

/** The recorded metrics of all weight layers, and what their result is read from. */
export class AlignmentProbe {
  readonly dispatches: Dispatch[] = [];
  readonly #plan: Plan;
  readonly #common: Common;
  readonly #layers: { path: Pair | null; update: Pair; synapses: Synapses | null }[];

  /**
   * Records the probe behind a forward pass whose output already holds its error: both ways back, the rule's and the
   * exact one, without learning, and the comparisons.
   */
  constructor(plan: Plan, network: Network, pass: Pass, output: Value) {
    this.#plan = plan;
    this.#common = pass.common;
    const gradients = (name: string): Sink => ({
      take: (weight) => ({
        velocity: plan.tensor(`probe.${name}.${weight.name}`, weight.value.size),
        rates: pass.common.still,
      }),
      feedbackLearns: false,
    });
    // Keyed by rule: of BP there is only one way back, and nothing to hold it against.
    const ways = new Map([
      [network.rule, gradients('rule')],
      [bp, gradients('exact')],
    ]);
    if (ways.size > 1)
      for (const [rule, sink] of ways)
        this.dispatches.push(...new Backward(pass, rule, network.experiment, sink, output).dispatches);

    this.#layers = network.weights.map((layer) => {
      const { weight } = layer;
      const comparison = this.#comparison(network, layer);
      const pair = network.rule.compare(comparison);
      const scatter = network.rule.synapses?.(comparison, network.experiment) ?? pair;
      const [learned, exact] = [network.rule, bp].map((rule) => (ways.get(rule) as Sink).take(weight).velocity);
      return {
        path:
          pair &&
          this.#compare(`path${layer.index}`, pair.back.value, pair.forward.value, pair.back.rows * pair.back.columns),
        update: this.#compare(`update${layer.index}`, learned, exact, weight.rows * weight.columns),
        synapses: scatter && {
          back: scatter.back.value,
          forward: scatter.forward.value,
          count: scatter.back.rows * scatter.back.columns,
        },
      };
    });
  }

  /** What a scatter of layer `index` shows after a run; null where the rule has nothing to compare. */
  synapses(index: number): Synapses | null {
    return this.#layers[index]?.synapses ?? null;
  }

  /** What to read after a run. */
  get reads(): Tensor[] {
    return this.#layers.flatMap(({ path, update }) =>
      [path, update].flatMap((pair) => (pair && pair !== 'same' ? [pair.norms, pair.angle] : [])),
    );
  }

  /** The alignment of each layer in each replica, from the numbers of `reads`. */
  decode(numbers: readonly Numbers[]): Alignment[][] {
    const left = [...numbers];
    const take = (pair: Pair | null): ((replica: number) => Relation) => {
      if (pair === null) return () => ({ angle: NaN, ratio: NaN });
      if (pair === 'same') return () => ({ angle: 0, ratio: 1 });
      const [squares, differences] = [left.shift() as Numbers, left.shift() as Numbers];
      return (replica) => relation(squares, differences, replica);
    };
    return this.#layers.map(({ path, update }) => {
      const [way, gradient] = [take(path), take(update)];
      return Array.from({ length: this.#plan.replicas }, (_, replica) => ({
        ...way(replica),
        update: gradient(replica).angle,
      }));
    });
  }

  #compare(name: string, u: Tensor, v: Tensor, count: number): Pair {
    if (u === v) return 'same';
    const pair = {
      norms: this.#plan.tensor(`probe.${name}.norms`, 2 * partials),
      angle: this.#plan.tensor(`probe.${name}.angle`, 2 * partials),
    };
    const constants = { COUNT: count, U_SIZE: u.size, V_SIZE: v.size };
    this.dispatches.push(
      dispatch(norms, { partial: pair.norms, u, v }, constants),
      dispatch(angle, { partial: pair.angle, norms: pair.norms, u, v }, constants),
    );
    return pair;
  }

  #comparison(network: Network, layer: WeightLayer): Comparison<Matrix> {
    return {
      weight: layer.weight,
      first: layer.index === 0,
      feedback: (name) => feedbackOf(layer, name),
      path: (projection, kernel) => {
        const { path, dispatches } = multiplyPath(this.#plan, layer.index, projection, kernel);
        this.dispatches.push(...dispatches);
        return path;
      },
      filter: (kernel, projection) => {
        const { filtered, dispatches } = filterKernel(this.#plan, layer.index, kernel, projection);
        this.dispatches.push(...dispatches);
        return filtered;
      },
      sum: (a, b) => {
        const { rows, columns } = a;
        const sum: Matrix = { rows, columns, value: this.#matrix(`sum${layer.index}`, rows, columns) };
        const tensors = { value: sum.value, a: a.value, b: b.value };
        this.dispatches.push(dispatch(combine, tensors, { COUNT: rows * columns, GAIN: 1 }));
        return sum;
      },
      explicit: (fixed, copied, shares) => {
        const { rows, columns } = layer.weight;
        const synapses: Matrix = { rows, columns, value: this.#matrix(`synapses${layer.index}`, rows, columns) };
        this.dispatches.push(mixSynapses(layer.index, synapses, { path: null, fixed, copied, shares }, this.#common));
        return synapses;
      },
      chain: () => this.#chain(network, layer.index),
    };
  }

  /** W_L ··· W_k as [N_in of layer k][classes]; null unless every layer from k on is fully connected. */
  #chain(network: Network, index: number): Matrix | null {
    const layer = network.weights[index];
    const { kernel, input, output } = layer.shape;
    if (kernel !== 1 || !isFlat(input) || !isFlat(output)) return null;
    if (index === network.weights.length - 1) return layer.weight;
    const rest = this.#chain(network, index + 1);
    if (!rest) return null;
    const { rows, columns, value: x } = layer.weight;
    const chain: Matrix = { rows, columns: rest.columns, value: this.#matrix(`chain${index}`, rows, rest.columns) };
    const sizes = { X_SIZE: x.size, V_SIZE: rest.value.size };
    const constants = { M: rows, N: rest.columns, K: columns, BIAS: false, RELU: false, ...sizes };
    this.dispatches.push(dispatch(apply, { z: chain.value, x, v: rest.value }, constants));
    return chain;
  }

  #matrix(name: string, rows: number, columns: number): Tensor {
    return this.#plan.tensor(`probe.${name}`, rows * columns);
  }
}

type Relation = Pick<Alignment, 'angle' | 'ratio'>;

/** Angle in degrees and ratio of norms of one replica; NaN where a norm is zero. */
function relation(squares: Numbers, differences: Numbers, replica: number): Relation {
  const of = (numbers: Numbers) => sumPairs(numbers.subarray(replica * 2 * partials, (replica + 1) * 2 * partials));
  const [uu, vv] = of(squares);
  const [minus, plus] = of(differences);
  if (!(uu > 0 && vv > 0)) return { angle: NaN, ratio: NaN };
  return { angle: (2 * Math.atan2(Math.sqrt(minus), Math.sqrt(plus)) * 180) / Math.PI, ratio: Math.sqrt(uu / vv) };
}
