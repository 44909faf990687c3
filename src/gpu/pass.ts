import type { Experiment } from '../model/experiment.ts';
import type { Rule } from '../model/rules/rule.ts';
import { sizeOf, type Shape } from '../model/shape.ts';
import type { Dispatch } from './kernel.ts';
import type { Destination, WeightLayer } from './operator.ts';
import type { Common } from './parameter.ts';
import type { Plan } from './plan.ts';
import type { Tensor } from './tensor.ts';

/** The values of a batch at some point of the network. */
export interface Value {
  readonly shape: Shape;
  /** [R][batch][height·width·channels], after the ReLU if there is one. */
  readonly data: Tensor;
  readonly relu: boolean;
  /** dL/d(the value before its ReLU), shaped like `data`; null for images, also pooled ones, and where nothing learns. */
  readonly error: Tensor | null;
  /** The noise that was added before the ReLU, shaped like `data`, under a rule that learns from noise. */
  readonly noise?: Tensor;
}

/** The error of a value. Throws where it has none. */
export function errorOf(value: Value): Tensor {
  if (!value.error) throw new Error('This value has no error.');
  return value.error;
}

/** Noise on the hidden pre-activations of a pass: its standard deviation, and the same pass without it. */
export interface Perturbation {
  readonly deviation: number;
  readonly quiet: Pass;
}

/** Records one layer's part of the way back. */
export type BackwardStep = (back: Backward) => void;

/** A forward pass as it is recorded: its dispatches, and the tape that the way back is recorded from. */
export class Pass {
  readonly dispatches: Dispatch[] = [];
  readonly tape: BackwardStep[] = [];
  readonly plan: Plan;
  readonly common: Common;
  /** The prefix of its tensors' names: passes of one name share memory. */
  readonly name: string;
  readonly batch: number;
  /** Whether an error will travel back along it. If not, no room is planned for errors. */
  readonly learns: boolean;
  /** The input and the output of each layer with a weight, by its index. */
  readonly inputs = new Map<number, Value>();
  readonly outputs = new Map<number, Tensor>();
  perturbation: Perturbation | null = null;
  #values = 0;

  constructor(plan: Plan, common: Common, name: string, batch: number, learns: boolean) {
    this.plan = plan;
    this.common = common;
    this.name = name;
    this.batch = batch;
    this.learns = learns;
  }

  /** A new value, with room for its error if the pass learns. */
  value(shape: Shape, relu: boolean): Value {
    const data = this.scratch(`value${this.#values++}`, sizeOf(shape));
    return { shape, data, relu, error: this.learns ? this.roomForError(data) : null };
  }

  /** The output of a layer that learns nothing: with room for an error if its input has one. */
  valueFrom(input: Value, shape: Shape): Value {
    const data = this.scratch(`value${this.#values++}`, sizeOf(shape));
    return { shape, data, relu: false, error: input.error && this.roomForError(data) };
  }

  roomForError({ name, size }: Tensor): Tensor {
    return this.plan.tensor(`${name}.error`, size);
  }

  /** Whether a layer's input is the images, as they are or pooled: then it sends no error back. For passes that learn. */
  isFirst({ index }: WeightLayer): boolean {
    return this.inputs.get(index)?.error === null;
  }

  /** Room for what a value's noise has become in it, where the value was made from one with noise. */
  noiseOf(value: Value): Tensor {
    return this.plan.tensor(`${value.data.name}.noise`, value.data.size);
  }

  /** Room for `size` numbers an example. */
  scratch(name: string, size: number): Tensor {
    return this.plan.tensor(`${this.name}.${name}`, size * this.batch);
  }
}

/** A layer with its memory planned; its forward pass can be recorded for any batch. */
export interface BuiltLayer {
  forward(input: Value, pass: Pass): Value;
  /** For products of weights: its weight, if it is a weight and at most a ReLU; null if it only reorders numbers; else absent. */
  readonly weight?: WeightLayer | null;
}

/** Records layers one after another; returns the output of the last. */
export const runLayers = (layers: readonly BuiltLayer[], input: Value, pass: Pass): Value =>
  layers.reduce((value, layer) => layer.forward(value, pass), input);

/** What a way back is for. */
export interface Sink {
  /** What to record once the error e has reached a layer's output, x being its input: in training, the weight's update. */
  take(layer: WeightLayer, x: Tensor, e: Tensor): readonly Dispatch[];
  /** Whether the feedback and the batch norms learn. */
  readonly learns: boolean;
}

/** A way back as it is recorded over a forward pass's tape, under one rule. */
export class Backward {
  readonly dispatches: Dispatch[] = [];
  readonly pass: Pass;
  readonly rule: Rule;
  readonly experiment: Experiment;
  readonly sink: Sink;
  /** The network's output, whose error has been computed. */
  readonly output: Value;
  readonly #reached = new Set<Value>();

  constructor(pass: Pass, rule: Rule, experiment: Experiment, sink: Sink, output: Value) {
    this.pass = pass;
    this.rule = rule;
    this.experiment = experiment;
    this.sink = sink;
    this.output = output;
    for (const step of pass.tape.toReversed()) step(this);
  }

  /** Where to send a contribution to the error of `value`: the first one overwrites, later ones add. Null for images. */
  into(value: Value): Destination | null {
    if (!value.error) return null;
    const add = this.#reached.has(value);
    this.#reached.add(value);
    return { dx: value.error, gate: value.relu ? value.data : null, add };
  }
}
