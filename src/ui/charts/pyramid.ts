import { bisectLeft, bisectRight } from 'd3';

/** Samples, or buckets of them, as columns: position, mean value, and the band around it. */
export interface Level {
  readonly length: number;
  /** How many samples an entry stands for. */
  readonly size: number;
  readonly x: Float32Array;
  readonly y: Float32Array;
  readonly low: Float32Array;
  readonly high: Float32Array;
}

/** Entries of a level that follow each other. */
export interface Stretch {
  readonly level: Level;
  readonly from: number;
  readonly to: number;
}

/** What a bucket keeps of its samples' bands: the outermost ends (a spike survives), or the average band. */
export type Band = 'extremes' | 'deviation';

const fanout = 4;

class Column implements Level {
  length = 0;
  readonly size: number;
  x = new Float32Array(64);
  y = new Float32Array(64);
  low = new Float32Array(64);
  high = new Float32Array(64);

  constructor(size: number) {
    this.size = size;
  }

  push(x: number, y: number, low: number, high: number): void {
    if (this.length === this.x.length) this.grow();
    this.x[this.length] = x;
    this.y[this.length] = y;
    this.low[this.length] = low;
    this.high[this.length] = high;
    this.length++;
  }

  private grow(): void {
    const longer = (from: Float32Array<ArrayBuffer>): Float32Array<ArrayBuffer> => {
      const to = new Float32Array(from.length * 2);
      to.set(from);
      return to;
    };
    this.x = longer(this.x);
    this.y = longer(this.y);
    this.low = longer(this.low);
    this.high = longer(this.high);
  }
}

/**
 * An append-only series that can be drawn at any density in time that does not grow with its length: above the samples lie
 * levels of buckets, each of four entries below. x must not decrease. Samples whose value is not finite are left out.
 */
export class Pyramid {
  private levels: Column[] = [new Column(1)];
  private readonly band: Band;
  /** The first sample of every part: another rule taught what comes from there. */
  readonly starts: number[] = [0];
  /** The smallest value so far, the smallest that has a logarithm, and the largest; Infinity and -Infinity while there is none. */
  min = Infinity;
  leastPositive = Infinity;
  max = -Infinity;

  constructor(band: Band) {
    this.band = band;
  }

  /** The samples themselves. */
  get samples(): Level {
    return this.levels[0];
  }

  get length(): number {
    return this.samples.length;
  }

  append(x: number, y: number, low: number = y, high: number = y): void {
    if (!Number.isFinite(y)) return;
    const index = this.length;
    if (y > 0) this.leastPositive = Math.min(this.leastPositive, y);
    this.min = Math.min(this.min, y);
    this.max = Math.max(this.max, y);
    this.levels[0].push(x, y, low, high);
    for (let depth = 1, size = fanout; index >= size || depth < this.levels.length; depth++, size *= fanout) {
      const level = (this.levels[depth] ??= this.summary(depth, index));
      const already = index % size;
      if (already === 0) level.push(x, y, low, high);
      else this.merge(level, already, x, y, low, high);
    }
  }

  /** The finest level with at most `limit` entries. */
  atMost(limit: number): Level {
    return this.levels[this.depthOf(limit)];
  }

  /** Of so many samples. */
  private depthOf(limit: number, count = this.length): number {
    const depth = this.levels.findIndex(({ size }) => Math.ceil(count / size) <= limit);
    return depth < 0 ? this.levels.length - 1 : depth;
  }

  /** The index of the sample whose x is nearest, or -1 while there is none. */
  nearest(x: number): number {
    const { x: xs, length } = this.samples;
    const from = bisectLeft(xs, x, 0, length);
    if (from === length) return length - 1;
    return from > 0 && x - xs[from - 1] < xs[from] - x ? from - 1 : from;
  }

  /** The samples, from one up to another, whose x lies between two values, these included. */
  between(low: number, high: number): readonly [from: number, to: number] {
    const { x: xs, length } = this.samples;
    return [bisectLeft(xs, low, 0, length), bisectRight(xs, high, 0, length)];
  }

  /** These, and the ones on either side, which a curve comes from and goes to. */
  around(low: number, high: number): readonly [from: number, to: number] {
    const [from, to] = this.between(low, high);
    return [Math.max(0, from - 1), Math.min(this.length, to + 1)];
  }

  /** The entries of a level, from one up to another, that are of a part. */
  within(part: number, { size, length }: Level): readonly [from: number, to: number] {
    const entry = (sample: number): number => (sample >= this.length ? length : Math.floor(sample / size));
    return [entry(this.starts[part] ?? this.length), entry(this.starts[part + 1] ?? this.length)];
  }

  /**
   * Entries that stand for all samples of a part, of those from `first` up to `end`, and for no other: those of a level with
   * at most `limit` of them, and finer ones where a bucket lies across the ends.
   */
  stretchesOf(part: number, limit: number, first = 0, end = this.length): Stretch[] {
    const [from, to] = this.within(part, this.samples);
    return this.cover(Math.max(from, first), Math.min(to, end), this.depthOf(limit, end - first));
  }

  private cover(from: number, to: number, depth: number): Stretch[] {
    if (from >= to) return [];
    const level = this.levels[depth];
    const first = Math.ceil(from / level.size);
    // The last bucket may wait for more.
    const end = to === this.length ? level.length : Math.floor(to / level.size);
    if (first >= end) return this.cover(from, to, depth - 1);
    return [
      ...this.cover(from, first * level.size, depth - 1),
      { level, from: first, to: end },
      ...this.cover(end * level.size, to, depth - 1),
    ];
  }

  /** The part that a sample is of. */
  partOf(sample: number): number {
    return this.starts.findLastIndex((start) => start <= sample);
  }

  /** Forgets the samples behind `x`. */
  rewind(x: number): void {
    const { x: xs, y, low, high, length } = this.samples;
    if (length === 0 || xs[length - 1] <= x) return;
    this.levels = [new Column(1)];
    this.min = Infinity;
    this.leastPositive = Infinity;
    this.max = -Infinity;
    for (let i = 0; i < length && xs[i] <= x; i++) this.append(xs[i], y[i], low[i], high[i]);
    for (const [part, start] of this.starts.entries()) this.starts[part] = Math.min(start, this.length);
  }

  /** A new top: the one bucket of all `count` samples before the one that is being added. */
  private summary(depth: number, count: number): Column {
    const size = fanout ** depth;
    const level = new Column(size);
    const { x, y, low, high } = this.samples;
    level.push(x[0], y[0], low[0], high[0]);
    for (let i = 1; i < count; i++) {
      const sample = [x[i], y[i], low[i], high[i]] as [number, number, number, number];
      if (i % size === 0) level.push(...sample);
      else this.merge(level, i % size, ...sample);
    }
    return level;
  }

  /** Takes one more sample into the last bucket, which holds `already` of them. */
  private merge(level: Column, already: number, x: number, y: number, low: number, high: number): void {
    const last = level.length - 1;
    const average = (column: Float32Array, value: number): void => {
      column[last] = column[last] + (value - column[last]) / (already + 1);
    };
    average(level.x, x);
    average(level.y, y);
    if (this.band === 'deviation') {
      average(level.low, low);
      average(level.high, high);
      return;
    }
    level.low[last] = Math.min(level.low[last], low);
    level.high[last] = Math.max(level.high[last], high);
  }
}
