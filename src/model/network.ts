import { FaultError } from './fault.ts';
import type { LayerKind } from './layers/layer.ts';
import { linear, type Linear } from './layers/linear.ts';
import { printShape, type Shape, type WeightShape } from './shape.ts';

/** Any layer of a network, as plain data. */
export type LayerSpec = Linear;

const kinds: readonly LayerKind<LayerSpec>[] = [linear];

/** The pure half of a layer's kind. */
export function kindOf(spec: LayerSpec): LayerKind<LayerSpec> {
  const kind = kinds.find((candidate) => candidate.kind === spec.kind);
  if (!kind)
    throw new FaultError(
      'invalid',
      `There is no layer kind “${spec.kind}”. Known: ${kinds.map((k) => k.kind).join(', ')}.`,
    );
  return kind;
}

/** "512-512" → two fully connected layers. Throws a FaultError('invalid') that names the token it cannot read. */
export function parseNetwork(text: string): LayerSpec[] {
  if (text === '') return [];
  return text.split('-').map((token) => {
    for (const kind of kinds) {
      const spec = kind.parse(token);
      if (spec) return spec;
    }
    throw new FaultError(
      'invalid',
      `“${token}” is not a layer. A network reads like 512-512: a number is a fully connected layer with that many units.`,
    );
  });
}

/** The notation of a network; `parseNetwork` reads it back. */
export const printNetwork = (layers: readonly LayerSpec[]): string =>
  layers.map((spec) => kindOf(spec).print(spec)).join('-');

/** The whole network for a data set: the described layers and the output layer (fully connected, one unit a class). */
export const withOutput = (layers: readonly LayerSpec[], classes: number): LayerSpec[] => [
  ...layers,
  { kind: 'linear', outputs: classes, relu: false },
];

/** One row of a network's summary: the layer, one example's shape before and behind it, and its weight. */
export interface LayerRow {
  readonly spec: LayerSpec;
  readonly input: Shape;
  readonly output: Shape;
  readonly weight: WeightShape | null;
}

/** Every layer with its shapes, first to last. Throws a FaultError('invalid') naming the first layer that does not fit. */
export function describeNetwork(layers: readonly LayerSpec[], input: Shape): LayerRow[] {
  let shape = input;
  return layers.map((spec) => {
    const kind = kindOf(spec);
    const row: LayerRow = {
      spec,
      input: shape,
      output: kind.output(spec, shape),
      weight: kind.weight(spec, shape),
    };
    shape = row.output;
    return row;
  });
}

/** "784 – 512 – 512 – 10". */
export const printShapes = (rows: readonly LayerRow[]): string =>
  rows.length === 0
    ? ''
    : [printShape((rows[0] as LayerRow).input), ...rows.map((row) => printShape(row.output))].join(' – ');
