import type { LayerRow } from '../network.ts';
import type { Shape, WeightShape } from '../shape.ts';

/**
 * The pure half of a layer kind: its description, its notation and its shapes. The half that computes is
 * `gpu/layers/` under the same file name. One file a kind; nothing else in `model` knows it by name.
 */
export interface LayerKind<Spec extends { readonly kind: string }> {
  readonly kind: Spec['kind'];
  /** How the page calls it. */
  readonly label: string;
  /** How its notation reads, by example, for messages. */
  readonly notation: string;
  /** What looks as if it were meant to be of this kind. */
  readonly resembles: RegExp;
  /** A layer of the kind to begin with. */
  readonly sample: string;
  /** The words that each of its properties may take, of those that take one of a few. */
  readonly choices?: Readonly<Record<string, readonly string[]>>;
  /**
   * Reads one token of the network notation; null when the token is of another kind. Throws a FaultError('invalid') that says
   * what a number of its may be.
   */
  parse(token: string): Spec | null;
  print(spec: Spec): string;
  /** The chains of layers that it is made of, if it is. Throws a FaultError('invalid') when they do not fit together. */
  branches?(spec: Spec, input: Shape): readonly (readonly LayerRow[])[];
  /** The shape of one example behind the layer. Throws a FaultError('invalid') when the input does not fit. */
  output(spec: Spec, input: Shape, branches: readonly (readonly LayerRow[])[]): Shape;
  /** Its weight, or null for a layer that has none. */
  weight(spec: Spec, input: Shape): WeightShape | null;
  /** Whether it is a convolution, or is made of some. */
  convolves?(spec: Spec): boolean;
  /** Trainable numbers of its own, those of the layers that it is made of not counted. */
  parameters(spec: Spec, input: Shape): number;
}
