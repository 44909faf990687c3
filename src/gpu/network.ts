import { allRows, describeNetwork, withOutput, type LayerRow, type LayerSpec } from '../model/network.ts';
import type { Experiment } from '../model/experiment.ts';
import { ruleOf } from '../model/rules/index.ts';
import type { Rule } from '../model/rules/rule.ts';
import { sizeOf, type Shape, type WeightShape } from '../model/shape.ts';
import { batchnorm } from './layers/batchnorm.ts';
import { conv } from './layers/conv.ts';
import { flatten } from './layers/flatten.ts';
import { linear } from './layers/linear.ts';
import { pool } from './layers/pool.ts';
import { residual } from './layers/residual.ts';
import type { Operator, WeightLayer } from './operator.ts';
import { planFeedback, planNorm, planWeight, type Parameter } from './parameter.ts';
import { runLayers, type BuiltLayer, type Pass, type Value } from './pass.ts';
import type { Plan } from './plan.ts';

/** The half of a layer kind that computes. The other half is in model/layers, under the same name. */
export interface LayerHalf<Spec extends LayerSpec> {
  build(spec: Spec, row: LayerRow, network: Network): BuiltLayer;
}

const halves: { readonly [Kind in LayerSpec['kind']]: LayerHalf<Extract<LayerSpec, { kind: Kind }>> } = {
  linear,
  conv,
  batchnorm,
  pool,
  flatten,
  residual,
};

/** A batch norm: what it learns, and the running statistics that it normalises by in a test. */
export interface NormLayer {
  readonly index: number;
  /** Scale and shift. */
  readonly scale: Parameter;
  /** Mean and variance. */
  readonly running: Parameter;
}

/** All parameters and layers of an experiment's network, under one rule. */
export class Network {
  readonly rule: Rule;
  readonly input: Shape;
  readonly classes: number;
  /** Its layers and the shapes between them. */
  readonly rows: readonly LayerRow[];
  /** How many numbers one example is made into: those of the image and of every layer's output. */
  readonly activations: number;
  /** The layers that have a weight, first to last. */
  readonly weights: WeightLayer[] = [];
  /** The batch norms, first to last. */
  readonly norms: NormLayer[] = [];
  readonly plan: Plan;
  readonly experiment: Experiment;
  readonly #layers: readonly BuiltLayer[];

  constructor(plan: Plan, experiment: Experiment, input: Shape, classes: number) {
    this.rule = ruleOf(experiment.rule);
    this.input = input;
    this.classes = classes;
    this.plan = plan;
    this.experiment = experiment;
    this.rows = describeNetwork(withOutput(experiment.layers, classes), input);
    this.activations = allRows(this.rows).reduce((sum, row) => sum + sizeOf(row.output), sizeOf(input));
    this.#layers = this.build(this.rows);
  }

  /** Builds layers in order. A layer that is made of layers calls it for those. */
  build(rows: readonly LayerRow[]): BuiltLayer[] {
    return rows.map((row) => (halves[row.spec.kind] as LayerHalf<LayerSpec>).build(row.spec, row, this));
  }

  /** Plans the weight of the next layer that has one, and the feedback tensors that the rule wants beside it. */
  weightLayer(shape: WeightShape | null, operator: Operator): WeightLayer {
    if (!shape) throw new Error('This layer has no weight.');
    const index = this.weights.length;
    const specs = Object.entries(this.rule.feedback(shape, this.experiment, this.classes));
    const layer: WeightLayer = {
      index,
      shape,
      operator,
      weight: planWeight(this.plan, index, shape),
      feedback: Object.fromEntries(
        specs.map(([key, spec], variant) => [key, planFeedback(this.plan, index, shape, key, spec, variant)]),
      ),
    };
    this.weights.push(layer);
    return layer;
  }

  /** Plans the next batch norm. */
  normLayer(channels: number): NormLayer {
    const layer = { index: this.norms.length, ...planNorm(this.plan, this.norms.length, channels) };
    this.norms.push(layer);
    return layer;
  }

  get parameters(): Parameter[] {
    return [
      ...this.weights.flatMap(({ weight, feedback }) => [weight, ...Object.values(feedback)]),
      ...this.norms.flatMap(({ scale, running }) => [scale, running]),
    ];
  }

  /** The last layers that are fully connected, with nothing but ReLUs between them: their weights have a product. */
  get chain(): WeightLayer[] {
    const chain: WeightLayer[] = [];
    for (const { weight } of this.#layers.toReversed()) {
      if (weight === undefined || weight?.shape.convolves === true) break;
      if (weight) chain.unshift(weight);
    }
    return chain;
  }

  /** Records the forward pass; returns the logits. */
  forward(input: Value, pass: Pass): Value {
    return runLayers(this.#layers, input, pass);
  }
}
