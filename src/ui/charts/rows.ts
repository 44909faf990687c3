import { rowWidths, type Change, type Curves, type Segment, type TableName } from '../../model/curves.ts';

/** A table of numbers with rows of one width, the first of which is the step. Rows are appended, and taken back by step. */
export class Rows {
  readonly width: number;
  /** The first row of every part: another rule taught what comes from there. */
  readonly starts: number[] = [0];
  private numbers = new Float32Array(256);
  private size = 0;

  constructor(width: number) {
    this.width = width;
  }

  get length(): number {
    return this.size / this.width;
  }

  /** Takes in whole rows, one after the other. */
  append(rows: Float32Array): void {
    if (this.size + rows.length > this.numbers.length) {
      const longer = new Float32Array(Math.max(2 * this.numbers.length, this.size + rows.length));
      longer.set(this.numbers.subarray(0, this.size));
      this.numbers = longer;
    }
    this.numbers.set(rows, this.size);
    this.size += rows.length;
  }

  /** Forgets the rows of later steps. */
  rewind(step: number): void {
    while (this.length > 0 && this.row(this.length - 1)[0] > step) this.size -= this.width;
    for (const [part, start] of this.starts.entries()) this.starts[part] = Math.min(start, this.length);
  }

  /** A copy of all rows, one behind the other. */
  get all(): Float32Array<ArrayBuffer> {
    return this.numbers.slice(0, this.size);
  }

  row(index: number): Float32Array {
    return this.numbers.subarray(index * this.width, (index + 1) * this.width);
  }
}

/** The tables of a run, as they grow. */
export type RunRows = Readonly<Record<TableName, Rows>>;

export function emptyRows(replicas: number, layers: number): RunRows {
  const widths = rowWidths(replicas, layers);
  return { train: new Rows(widths.train), test: new Rows(widths.test), alignment: new Rows(widths.alignment) };
}

/** Something of every table. */
const each = <T>({ train, test, alignment }: RunRows, of: (rows: Rows) => T): Readonly<Record<TableName, T>> => ({
  train: of(train),
  test: of(test),
  alignment: of(alignment),
});

/** All that the tables hold, to be kept: the parts are what the rules taught. */
export const curvesIn = (rows: RunRows, segments: readonly Segment[], changes: readonly Change[]): Curves => ({
  tables: each(rows, ({ width, all }) => ({ width, numbers: all })),
  segments: segments.map((segment, part) => ({ ...segment, starts: each(rows, ({ starts }) => starts[part]) })),
  changes,
});
