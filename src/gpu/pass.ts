import type { Experiment } from '../model/experiment.ts';
import type { Rule } from '../model/rules/rule.ts';
import { sizeOf, type Shape } from '../model/shape.ts';
import type { Dispatch } from './kernel.ts';
import type { Destination, WeightLayer } from './operator.ts';
import type { Common } from './parameter.ts';
import type { Plan } from './plan.ts';
import type { Tensor } from './tensor.ts';

/** A batch of examples at some point of the network. */
export interface Value {
  readonly shape: Shape;
  /** [R][batch][height·width·channels], after the ReLU if there is one. */
  readonly data: Tensor;
  readonly relu: boolean;
  /** dL/d(what came before the ReLU), as `data`; null for the images, also pooled ones, and where nothing learns. */
  readonly error: Tensor | null;
  /** The noise that was added before the ReLU, as `data`, under a rule that learns from noise. */
  readonly noise?: Tensor;
}

/** The error of a value in a pass that learns. */
export function errorOf(value: Value): Tensor {
  if (!value.error) throw new Error('This value has no error.');
  return value.error;
}

/** Noise on the hidden pre-activations of a pass, and the same pass without it. */
export interface Perturbation {
  readonly deviation: number;
  readonly quiet: Pass;
}

/** Records its part of the way back, in the order of the way back. */
export type BackwardStep = (back: Backward) => void;

/** A forward pass being recorded: its dispatches, and the tape that the way back is recorded from. */
export class Pass {
  readonly dispatches: Dispatch[] = [];
  readonly tape: BackwardStep[] = [];
  readonly plan: Plan;
  readonly common: Common;
  /** Names its tensors; passes of one name share their memory. */
  readonly name: string;
  readonly batch: number;
  /** Whether an error will travel back along it; if not, none gets room. */
  readonly learns: boolean;
  /** What each layer with a weight took in, and what it put out, by its index. */
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

  /** What a layer makes of `input` that learns nothing itself: with room for an error if `input` wants one. */
  valueFrom(input: Value, shape: Shape): Value {
    const data = this.scratch(`value${this.#values++}`, sizeOf(shape));
    return { shape, data, relu: false, error: input.error && this.roomForError(data) };
  }

  roomForError({ name, size }: Tensor): Tensor {
    return this.plan.tensor(`${name}.error`, size);
  }

  /** Whether a layer sees the images, as they are or pooled, in a pass that learns: nobody wants its message. */
  isFirst({ index }: WeightLayer): boolean {
    return this.inputs.get(index)?.error === null;
  }

  /** Room for the noise of a value that was made from one with noise. */
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
  /** Its weight if it is one and a ReLU, null if it only orders numbers anew; left out if it is anything else. */
  readonly weight?: WeightLayer | null;
}

/** Records layers one behind another; returns what the last one puts out. */
export const runLayers = (layers: readonly BuiltLayer[], input: Value, pass: Pass): Value =>
  layers.reduce((value, layer) => layer.forward(value, pass), input);

/** What a way back is for. */
export interface Sink {
  /** What to record where the error e has come to a layer's output, x being the layer's input: its update, for one. */
  take(layer: WeightLayer, x: Tensor, e: Tensor): readonly Dispatch[];
  /** Whether anything else learns: the feedback, the batch norms. */
  readonly learns: boolean;
}

/** A way back being recorded over a forward pass's tape, under one rule. */
export class Backward {
  readonly dispatches: Dispatch[] = [];
  readonly pass: Pass;
  readonly rule: Rule;
  readonly experiment: Experiment;
  readonly sink: Sink;
  /** dL/dz of the network's output. */
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

  /** Where a contribution to the error of `value` goes: the first one overwrites, the others add. Null for images. */
  into(value: Value): Destination | null {
    if (!value.error) return null;
    const add = this.#reached.has(value);
    this.#reached.add(value);
    return { dx: value.error, gate: value.relu ? value.data : null, add };
  }
}
