import { bp } from '../model/rules/bp.ts';
import type { Comparison, Rule } from '../model/rules/rule.ts';
import { isExact, wayBack } from '../model/way-back.ts';
import { comparePair, planPair, angleAndRatioOf, type Pair, type AngleAndRatio } from './comparison.ts';
import { dispatch, type Dispatch } from './kernel.ts';
import { combine } from './kernels/combine.ts';
import type { Network } from './network.ts';
import { feedbackOf, type Matrix, type WeightLayer } from './operator.ts';
import type { Paths } from './drift.ts';
import type { Common } from './parameter.ts';
import { Backward, type Pass, type Sink, type Value } from './pass.ts';
import { filterKernel, mixSynapses, times } from './path.ts';
import type { Plan } from './plan.ts';
import type { Numbers, Tensor } from './tensor.ts';
import { compareUpdates } from './updates.ts';

/** How one layer's path lies to its weight (algorithms.md section 7). NaN where it is not defined. */
export interface Alignment extends AngleAndRatio {
  /** Between the rule's weight gradient and the exact one at the same weights and batch, in degrees. */
  readonly updateAngle: number;
}

/** The two tensors of a scatter: feedback against forward weights, `count` numbers in each replica. */
export interface Synapses {
  readonly back: Tensor;
  readonly forward: Tensor;
  readonly count: number;
}

/** A recorded comparison; of something with itself there is nothing to compute. */
type Compared = Pair | 'same';

/** The recorded metrics of all weight layers, and what their result is read from. */
export class AlignmentProbe {
  readonly dispatches: Dispatch[] = [];
  readonly #plan: Plan;
  readonly #common: Common;
  readonly #layers: { path: Compared | null; update: Compared; synapses: Synapses | null }[];
  /** The products of weights recorded so far, by the index of the layer where each begins. */
  readonly #chains = new Map<number, Matrix>();
  /** The paths R Bᵀ, which have to be computed before `dispatches` run. */
  readonly paths: Paths;

  /**
   * Records the probe on a forward pass whose output already has its error: the rule's way back and the exact one, both
   * without learning, then the comparisons.
   */
  constructor(network: Network, pass: Pass, output: Value, paths: Paths) {
    this.#plan = pass.plan;
    this.#common = pass.common;
    this.paths = paths;
    // An exact rule has only one way back, and nothing to compare it with.
    const exact = network.weights.every(({ shape }) =>
      isExact(wayBack(network.rule, shape, network.experiment, network.classes)),
    );
    // The last layer learns from the error of the logits itself, whatever the rule.
    const updates = exact ? [] : network.weights.slice(0, -1).map((layer) => compareUpdates(layer, pass));
    const way = (rule: Rule, record: 'first' | 'second'): Dispatch[] => {
      const take: Sink['take'] = ({ index }, x, e) => updates[index]?.[record](x, e) ?? [];
      return new Backward(pass, rule, network.experiment, { take, learns: false }, output).dispatches;
    };
    if (!exact) this.dispatches.push(...way(network.rule, 'first'), ...way(bp, 'second'));

    this.#layers = network.weights.map((layer) => {
      const comparison = this.#comparison(network, layer, pass);
      const pair = network.rule.compare(comparison);
      const scatter = network.rule.synapses?.(comparison, network.experiment) ?? pair;
      return {
        path: pair && this.#compare(`path${layer.index}`, pair.back, pair.forward.value),
        update: updates[layer.index]?.pair ?? 'same',
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
    const take = (pair: Compared | null): ((replica: number) => AngleAndRatio) => {
      if (pair === null) return () => ({ angle: NaN, ratio: NaN });
      if (pair === 'same') return () => ({ angle: 0, ratio: 1 });
      const [squares, differences] = [left.shift() as Numbers, left.shift() as Numbers];
      return (replica) => angleAndRatioOf(squares, differences, replica);
    };
    return this.#layers.map(({ path, update }) => {
      const [way, gradient] = [take(path), take(update)];
      return Array.from({ length: this.#plan.replicas }, (_, replica) => ({
        ...way(replica),
        updateAngle: gradient(replica).angle,
      }));
    });
  }

  #compare(name: string, { value: u, rows, columns }: Matrix, v: Tensor): Compared {
    if (u === v) return 'same';
    const pair = planPair(this.#plan, name);
    this.dispatches.push(...comparePair(pair, u, v, rows * columns));
    return pair;
  }

  #comparison(network: Network, layer: WeightLayer, pass: Pass): Comparison<Matrix> {
    return {
      weight: layer.weight,
      first: pass.isFirst(layer),
      feedback: (name) => feedbackOf(layer, name),
      path: (projection, kernel) => this.paths.of(layer, projection, kernel),
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
      chain: () => this.#chain(network, layer),
    };
  }

  /** W_L ··· W_k as [N_in of layer k][classes]; null where the weights have no product. */
  #chain(network: Network, layer: WeightLayer): Matrix | null {
    if (this.#chains.size === 0) this.#recordChains(network);
    return this.#chains.get(layer.index) ?? null;
  }

  /** The product that begins at a layer is its weight times the product that begins at the next. */
  #recordChains(network: Network): void {
    let above: Matrix | null = null;
    for (const { index, weight } of network.chain.toReversed()) {
      above = above ? this.#product(`chain${index}`, weight, above) : weight;
      this.#chains.set(index, above);
    }
  }

  #product(name: string, a: Matrix, b: Matrix): Matrix {
    const [rows, columns] = [a.rows, b.columns];
    const product: Matrix = { rows, columns, value: this.#matrix(name, rows, columns) };
    this.dispatches.push(times(product, a, b));
    return product;
  }

  #matrix(name: string, rows: number, columns: number): Tensor {
    return this.#plan.tensor(`probe.${name}`, rows * columns);
  }
}
