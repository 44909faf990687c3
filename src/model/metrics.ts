import { isCount, isRecord } from './json.ts';

/** One network at one point of its run: a line of a terminal's `metrics.jsonl`, and of what the page exports. */
export interface Metrics {
  /** Training steps done. */
  readonly step: number;
  readonly epoch: number;
  /** `train`: the mean over the steps since the line before; `test`: all test images. */
  readonly split: 'train' | 'test';
  readonly replica: number;
  readonly seed: number;
  readonly loss: number | null;
  /** Share of right answers. */
  readonly accuracy: number | null;
  /** For each layer with a weight, first to last: angles in degrees. Empty where they were not measured. */
  readonly layers: readonly {
    readonly angle: number | null;
    readonly ratio: number | null;
    readonly gradAngle: number | null;
  }[];
}

const measures = ['angle', 'ratio', 'gradAngle'] as const;

const isFigure = (value: unknown): boolean => value === null || Number.isFinite(value);

/** Whether what a file says is such a line. */
export const isMetrics = (value: unknown): value is Metrics =>
  isRecord(value) &&
  isCount(value['step']) &&
  isCount(value['replica']) &&
  Number.isFinite(value['epoch']) &&
  (value['split'] === 'train' || value['split'] === 'test') &&
  isFigure(value['loss']) &&
  isFigure(value['accuracy']) &&
  Array.isArray(value['layers']) &&
  value['layers'].every((layer) => isRecord(layer) && measures.every((measure) => isFigure(layer[measure])));

/** The most layers that any of some lines tells of. Of a long run there are more lines than a call takes arguments. */
export const depthOf = (lines: readonly Metrics[]): number =>
  lines.reduce((most, { layers }) => Math.max(most, layers.length), 0);

const perLayer = <T>(depth: number, of: (layer: number, measure: (typeof measures)[number]) => T): T[] =>
  Array.from({ length: depth }, (_, layer) => measures.map((measure) => of(layer, measure))).flat();

/** The columns of a table in which layers stand side by side: layer0.angle, layer0.ratio, … */
export const layerColumns = (depth: number): string[] =>
  perLayer(depth, (layer, measure) => `layer${layer}.${measure}`);

/** A line's cells in these columns; nothing stands where nothing was measured. */
export const layerCells = ({ layers }: Metrics, depth: number): (number | '')[] =>
  perLayer(depth, (layer, measure) => layers[layer]?.[measure] ?? '');
