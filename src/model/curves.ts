import { isCount, isRecord } from './json.ts';
import { rules } from './rules/index.ts';

/** What is reported of a run, in tables whose layout `Frame` in workers/protocol.ts describes. */
export const tableNames = ['train', 'test', 'alignment'] as const;
export type TableName = (typeof tableNames)[number];

/** Numbers in a row of each table; the first is the step. */
export const rowWidths = (replicas: number, layers: number): Readonly<Record<TableName, number>> => ({
  train: 1 + 4 * replicas,
  test: 1 + 2 * replicas,
  alignment: 1 + 3 * replicas * layers,
});

/** How many networks and weight layers tables are of. */
export function shapeOf({ train, alignment }: Curves['tables']): {
  readonly replicas: number;
  readonly layers: number;
} {
  const replicas = (train.width - 1) / 4;
  return { replicas, layers: (alignment.width - 1) / (3 * replicas) };
}

/** Rows of one width, one behind the other. */
export interface Table {
  readonly width: number;
  readonly numbers: Float32Array<ArrayBuffer>;
}

/** From `step` on, a run learned by this rule. */
export interface Segment {
  readonly step: number;
  readonly rule: string;
}

/** A setting was changed while the run went on. */
export interface Change {
  readonly step: number;
  /** The setting. */
  readonly key: string;
  /** What it was changed to, and what it was before, as the charts say it. */
  readonly label: string;
  readonly before: string;
}

/** Everything that was reported of a run, as it is kept in its file. */
export interface Curves {
  readonly tables: Readonly<Record<TableName, Table>>;
  /** The rules that taught, in turn, and the first row of each in every table. */
  readonly segments: readonly (Segment & { readonly starts: Readonly<Record<TableName, number>> })[];
  readonly changes: readonly Change[];
}

/** Whether curves are those of so many networks with so many weight layers. */
export function areOf({ tables }: Curves, replicas: number, layers: number): boolean {
  const widths = rowWidths(replicas, layers);
  return tableNames.every((name) => tables[name].width === widths[name]);
}

/** More than the lab has ever written of a change: of a thousand rate drops. */
const longest = 2 ** 14;

const isWord = (value: unknown): value is string => typeof value === 'string' && value.length <= longest;

/** Whether what a file says is a rule that taught. */
export const isSegment = (value: unknown): value is Segment =>
  isRecord(value) && isCount(value['step']) && rules.some(({ id }) => id === value['rule']);

/** Whether what a file says is a change. */
export const isChange = (value: unknown): value is Change =>
  isRecord(value) && isCount(value['step']) && ['key', 'label', 'before'].every((name) => isWord(value[name]));
