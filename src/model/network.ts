import { excerpt } from './excerpt.ts';
import { FaultError } from './fault.ts';
import { batchnorm, type BatchNorm } from './layers/batchnorm.ts';
import { conv, type Conv } from './layers/conv.ts';
import { flatten, type Flatten } from './layers/flatten.ts';
import type { LayerKind } from './layers/layer.ts';
import { linear, type Linear } from './layers/linear.ts';
import { pool, type Pool } from './layers/pool.ts';
import { residualKind, type Residual } from './layers/residual.ts';
import { printShape, type Shape, type WeightShape } from './shape.ts';

/** Any layer of a network, as plain data. */
export type LayerSpec = Linear | Conv | BatchNorm | Pool | Flatten | Residual;

/** All layer kinds, as the page offers them. */
export const layerKinds = [
  linear,
  conv,
  batchnorm,
  pool,
  flatten,
  residualKind({ parse: parseNetwork, print: printNetwork, describe: describeNetwork, convolve }),
] as unknown as readonly LayerKind<LayerSpec>[];

/** The pure half of a layer's kind. */
export function kindOf(spec: LayerSpec): LayerKind<LayerSpec> {
  const kind = layerKinds.find((candidate) => candidate.kind === spec.kind);
  if (!kind)
    throw new FaultError(
      'invalid',
      `There is no layer kind “${spec.kind}”. Known: ${layerKinds.map((k) => k.kind).join(', ')}.`,
    );
  return kind;
}

/** Layers on one level: far more than trains in a browser, and few enough to lay out in an instant. */
const mostLayers = 256;
/** Brackets within brackets: a block of blocks is already rare. */
const mostNested = 16;
/** What so many residual blocks take, so that any text is refused or read in no time. */
const mostCharacters = 8192;

/** "512-512" → two fully connected layers. Throws a FaultError('invalid') that names the token it cannot read. */
export function parseNetwork(text: string): LayerSpec[] {
  const tokens = splitNetwork(text);
  if (tokens.includes('')) {
    const side = tokens[0] === '' ? 'in front of' : 'behind';
    throw new FaultError(
      'invalid',
      `“${excerpt(text)}” has a dash without a layer ${side} it. Take it away or write the layer.`,
    );
  }
  return tokens.map(parseLayer);
}

function parseLayer(token: string): LayerSpec {
  for (const kind of layerKinds) {
    const spec = kind.parse(token);
    if (spec) return spec;
  }
  throw new FaultError('invalid', `“${excerpt(token)}” is not a layer. ${advice(token)}`);
}

/** What may have been meant: all that there is would be too long to be read. */
function advice(token: string): string {
  if (/[\s,;+]/.test(token)) return 'Layers are joined by dashes, as in 512-512.';
  const near = layerKinds.filter((kind) => kind.resembles.test(token));
  return `${(near.length > 0 ? near : layerKinds.slice(0, 1)).map((kind) => kind.notation).join('; ')}.`;
}

/** The tokens of a network, read or not. Throws a FaultError('invalid') where there are too many, or brackets do not match. */
export function splitNetwork(text: string): string[] {
  if (text.length > mostCharacters)
    throw new FaultError(
      'invalid',
      `A network is written in at most ${mostCharacters} characters; this one has ${text.length}. Take fewer layers.`,
    );
  const tokens = tokensOf(text);
  if (tokens.length > mostLayers)
    throw new FaultError(
      'invalid',
      `A network takes at most ${mostLayers} layers; this one has ${tokens.length}. Take fewer.`,
    );
  return tokens;
}

/** The notation's tokens: what stands between dashes outside brackets. */
function tokensOf(text: string): string[] {
  const tokens: string[] = [];
  let depth = 0;
  let from = 0;
  for (let i = 0; i <= text.length; i++) {
    if (text[i] === '(') depth++;
    if (text[i] === ')') depth--;
    if (depth > mostNested)
      throw new FaultError(
        'invalid',
        `“${excerpt(text)}” has more than ${mostNested} brackets in one another. Put blocks behind one another instead.`,
      );
    if (depth < 0 || (i === text.length && depth > 0))
      throw new FaultError(
        'invalid',
        `The brackets of “${excerpt(text)}” do not match. Close every bracket that is opened.`,
      );
    if (depth > 0 || (i < text.length && text[i] !== '-')) continue;
    tokens.push(text.slice(from, i));
    from = i + 1;
  }
  return text === '' ? [] : tokens;
}

/** The notation of a network; `parseNetwork` reads it back. */
export function printNetwork(layers: readonly LayerSpec[]): string {
  return layers.map((spec) => kindOf(spec).print(spec)).join('-');
}

/** The whole network for a data set: the described layers and the output layer (fully connected, one unit a class). */
export const withOutput = (layers: readonly LayerSpec[], classes: number): LayerSpec[] => [
  ...layers,
  { kind: 'linear', outputs: classes, relu: false },
];

/** Whether there is a convolution among some layers, or in what they are made of. */
export function convolve(layers: readonly LayerSpec[]): boolean {
  return layers.some((spec) => kindOf(spec).convolves?.(spec) ?? false);
}

/** One row of a network's summary: the layer, one example's shape before and behind it, and its weight. */
export interface LayerRow {
  readonly spec: LayerSpec;
  readonly input: Shape;
  readonly output: Shape;
  readonly weight: WeightShape | null;
  /** Trainable numbers of its own, those of its branches not counted. */
  readonly parameters: number;
  /** The chains of layers that it is made of: main and shortcut of a residual block. */
  readonly branches: readonly (readonly LayerRow[])[];
}

/** Every layer with its shapes, first to last. Throws a FaultError('invalid') naming the first layer that does not fit. */
export function describeNetwork(layers: readonly LayerSpec[], input: Shape): LayerRow[] {
  let shape = input;
  return layers.map((spec) => {
    const kind = kindOf(spec);
    const branches = kind.branches?.(spec, shape) ?? [];
    const row: LayerRow = {
      spec,
      input: shape,
      output: kind.output(spec, shape, branches),
      weight: kind.weight(spec, shape),
      parameters: kind.parameters(spec, shape),
      branches,
    };
    shape = row.output;
    return row;
  });
}

/** The rows and those of the layers that they are made of, in the order in which weight layers are numbered. */
export const allRows = (rows: readonly LayerRow[]): LayerRow[] =>
  rows.flatMap((row) => [row, ...row.branches.flatMap(allRows)]);

/** "784 – 512 – 512 – 10": a first layer that takes an image flat says so. */
export const printShapes = (rows: readonly LayerRow[]): string => {
  const [first] = rows;
  if (!first) return '';
  return [first.weight?.input ?? first.input, ...rows.map(({ output }) => output)].map(printShape).join(' – ');
};
