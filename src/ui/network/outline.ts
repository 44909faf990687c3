import type { DatasetShape } from '../../model/datasets.ts';
import type { Experiment } from '../../model/experiment.ts';
import { FaultError, toFault } from '../../model/fault.ts';
import {
  allRows,
  describeNetwork,
  layerKinds,
  parseNetwork,
  printShapes,
  withOutput,
  type LayerRow,
  type LayerSpec,
} from '../../model/network.ts';
import { ruleOf } from '../../model/rules/index.ts';
import type { Shape, WeightShape } from '../../model/shape.ts';

/** Every layer with the output layer. Throws a FaultError('invalid') when they do not fit each other and the images. */
export const rowsOf = (layers: readonly LayerSpec[], { shape, classes }: DatasetShape): LayerRow[] =>
  describeNetwork(withOutput(layers, classes), shape);

/** The layers that have a weight, in the order in which they are numbered. Throws as `rowsOf` does. */
export const weightsOf = (layers: readonly LayerSpec[], images: DatasetShape): WeightShape[] =>
  allRows(rowsOf(layers, images)).flatMap(({ weight }) => weight ?? []);

/** The same of settings that nobody has built yet: none where they do not fit. */
export function weightsIfFit(layers: readonly LayerSpec[], images: DatasetShape): WeightShape[] {
  try {
    return weightsOf(layers, images);
  } catch {
    return [];
  }
}

/** Trainable weights of some rows, those of the layers that they are made of included. */
export const parametersOf = (rows: readonly LayerRow[]): number =>
  allRows(rows).reduce((sum, { parameters }) => sum + parameters, 0);

/** Weights of the way back, of which some rules have none. */
function feedbackOf(experiment: Experiment, images: DatasetShape): number {
  let feedback = 0;
  for (const weight of weightsOf(experiment.layers, images)) {
    for (const spec of Object.values(ruleOf(experiment.rule).feedback(weight, experiment, images.classes))) {
      const window = spec.form === 'kernel' ? weight.inputs * weight.kernel ** 2 : weight.outputs;
      feedback += window * spec.channels;
    }
  }
  return feedback;
}

/** What comes of an experiment's layers: the shapes on the way through, and the weights in both directions. */
export interface Summary {
  readonly shapes: string;
  readonly forward: number;
  readonly feedback: number;
}

/** Sums a network up, or says why it does not fit the images. */
export function summarize(experiment: Experiment, images: DatasetShape): Summary | { readonly problem: string } {
  try {
    const rows = rowsOf(experiment.layers, images);
    return {
      shapes: printShapes(rows),
      forward: parametersOf(rows),
      feedback: feedbackOf(experiment, images),
    };
  } catch (error) {
    return { problem: toFault(error).text };
  }
}

/** One token of a network that is being written, and what is known of its layer so far. */
export interface OutlineRow {
  readonly token: string;
  /** What the token says, or null where it cannot be read. */
  readonly spec: LayerSpec | null;
  /** Its shapes, or null where it, or one before it, does not fit. */
  readonly row: LayerRow | null;
  /** What is wrong with this very layer. */
  readonly problem: string | null;
  /** What is odd about it, although it can be built. */
  readonly remark: string | null;
}

/** Every layer by itself, so that each problem is told where it is. */
export function outline(tokens: readonly string[], images: DatasetShape): OutlineRow[] {
  let shape: Shape | null = images.shape;
  return tokens.map((token) => {
    let spec: LayerSpec | null = null;
    try {
      spec = readToken(token);
      const row: LayerRow | null = shape === null ? null : (describeNetwork([spec], shape)[0] ?? null);
      shape = row?.output ?? null;
      return { token, spec, row, problem: null, remark: remarkOn(row) };
    } catch (error) {
      shape = null;
      return { token, spec, row: null, problem: toFault(error).text, remark: null };
    }
  });
}

/** A window that moves over a map of one pixel, as behind a fully connected layer, sees little but padding. */
function remarkOn(row: LayerRow | null): string | null {
  if (row === null || !('kernel' in row.spec) || row.spec.kernel === 1) return null;
  if (row.input.height > 1 || row.input.width > 1) return null;
  return 'In front of this layer there is no picture any more, only one pixel. It belongs above the fully connected layers.';
}

/** The network that some layers make, or what keeps them from being one: a layer of their outline, or that they are too many. */
export function networkOf(
  tokens: readonly string[],
  rows: readonly OutlineRow[],
): { readonly layers: readonly LayerSpec[] } | { readonly problem: string } {
  const wrong = rows.findIndex(({ row }) => row === null);
  if (wrong >= 0) return { problem: `Correct layer ${wrong + 1}, which is marked.` };
  try {
    return { layers: parseNetwork(tokens.join('-')) };
  } catch (error) {
    return { problem: toFault(error).text };
  }
}

/** Reads the token of one layer. Throws a FaultError('invalid') where it is none, or more than one. */
function readToken(token: string): LayerSpec {
  const [spec, ...more] = parseNetwork(token);
  if (spec !== undefined && more.length === 0) return spec;
  const examples = samples.map((sample) => sample.token).join(', ');
  throw new FaultError('invalid', `Write one layer here, such as one of ${examples}.`);
}

/** A layer of every kind to begin with. */
export const samples: readonly { readonly label: string; readonly token: string }[] = layerKinds.map(
  ({ label, sample }) => ({ label, token: sample }),
);
