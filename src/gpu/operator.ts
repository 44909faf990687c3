import type { WeightShape } from '../model/shape.ts';
import type { Dispatch } from './kernel.ts';
import type { Parameter } from './parameter.ts';
import type { Tensor } from './tensor.ts';

/** A matrix that stands in for a weight: a parameter, or one that the metrics computed. */
export interface Matrix {
  readonly value: Tensor;
  readonly rows: number;
  readonly columns: number;
  /** Its SGD velocity, if it learns by gradient. */
  readonly velocity?: Tensor | null;
}

/** `channels` numbers at every position on one side of a layer, for every example. */
export interface Signal {
  readonly tensor: Tensor;
  readonly channels: number;
}

/** Where an error goes: added to what is there or not, through ReLU' of `gate` or not. */
export interface Destination {
  readonly dx: Tensor;
  readonly gate: Tensor | null;
  readonly add: boolean;
}

/**
 * A layer as a linear operator with its three partial applications (design.md section 2), for `batch` examples. V is
 * any matrix shaped like the layer's weight, with any number of columns.
 */
export interface Operator {
  /** Whether `outer` is xᵀ e, one example a row, as x and e lie in memory. */
  readonly rowwise: boolean;
  /** z = V x (+ bias). */
  apply(z: Tensor, x: Tensor, v: Parameter, batch: number, relu: boolean): Dispatch;
  /** The error e, one channel a column of V, to the layer's input. */
  pullback(to: Destination, e: Tensor, v: Matrix, batch: number): Dispatch;
  /** The local product of input and error, like V without a bias. */
  outer(product: Matrix, x: Tensor, e: Tensor, batch: number): Dispatch[];
  /** One step of SGD on V along that product. */
  descend(v: Parameter, velocity: Tensor, x: Tensor, e: Tensor, rates: Tensor, batch: number): Dispatch[];
}

/** A layer that has a weight: what a rule's pathway runs along. */
export interface WeightLayer {
  readonly index: number;
  readonly shape: WeightShape;
  readonly operator: Operator;
  readonly weight: Parameter;
  readonly feedback: Readonly<Record<string, Parameter>>;
}

/** The feedback tensor of that name; a rule that asks for one it did not declare is a mistake in the rule. */
export function feedbackOf(layer: WeightLayer, name: string): Parameter {
  const parameter = layer.feedback[name];
  if (!parameter) throw new Error(`Layer ${layer.index} has no feedback tensor ${name}.`);
  return parameter;
}
