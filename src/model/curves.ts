/** What is reported of a run, in tables whose layout `Frame` in workers/protocol.ts describes. */
export const tableNames = ['train', 'test', 'alignment'] as const;
export type TableName = (typeof tableNames)[number];

/** Numbers in a row of each table; the first is the step. */
export const rowWidths = (replicas: number, layers: number): Readonly<Record<TableName, number>> => ({
  train: 1 + 4 * replicas,
  test: 1 + 2 * replicas,
  alignment: 1 + 3 * replicas * layers,
});

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
