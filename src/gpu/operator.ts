import type { WeightShape } from '../model/shape.ts';
import type { Dispatch } from './kernel.ts';
import type { Parameter } from './parameter.ts';
import type { Tensor } from './tensor.ts';

/** A matrix in the role of a weight: a parameter, or one that was computed from parameters. */
export interface Matrix {
  readonly value: Tensor;
  readonly rows: number;
  readonly columns: number;
  /** Its SGD velocity, if it learns by gradient. */
  readonly velocity?: Tensor | null;
}

/** `channels` numbers at every position of a layer's input or output, for every example. */
export interface Signal {
  readonly tensor: Tensor;
  readonly channels: number;
}

/** Where an error goes. With `add` it is added to what is there; with a `gate` it is multiplied by ReLU' of that. */
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
  /** Whether `outer` is the matrix product xᵀ e, x and e as they lie in memory, one example a row. */
  readonly rowwise: boolean;
  /** z = V x (+ bias). */
  apply(z: Tensor, x: Tensor, v: Parameter, batch: number, relu: boolean): Dispatch;
  /** Sends the error e, which has a channel for each column of V, to the layer's input. */
  pullback(to: Destination, e: Tensor, v: Matrix, batch: number): Dispatch;
  /** The local product of input and error, shaped like V without a bias. */
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

/** The feedback tensor of that name. Throws where the rule has declared none: a mistake in the rule. */
export function feedbackOf(layer: WeightLayer, name: string): Parameter {
  const parameter = layer.feedback[name];
  if (!parameter) throw new Error(`Layer ${layer.index} has no feedback tensor ${name}.`);
  return parameter;
}
