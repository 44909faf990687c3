/** An append-only table of numbers with rows of one width. */
export class Rows {
  readonly width: number;
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

  row(index: number): Float32Array {
    return this.numbers.subarray(index * this.width, (index + 1) * this.width);
  }
}
