import { shapeOf, type Change, type Curves, type Segment, type TableName } from '../../model/curves.ts';
import type { Experiment } from '../../model/experiment.ts';
import type { Frame } from '../../workers/protocol.ts';
import type { Trained } from './earlier.ts';
import { Pyramid, type Band } from './pyramid.ts';
import { curvesIn, emptyRows, type Rows } from './rows.ts';

/** The quantities that a run reports. The last three have a line for every weight layer. */
export const metrics = ['trainLoss', 'testLoss', 'trainAccuracy', 'testAccuracy', 'angle', 'ratio', 'update'] as const;
export type Metric = (typeof metrics)[number];

/** A change, and when it was made, in ms: dragging a slider leaves one mark and not a hundred. */
export interface ChangeMark extends Change {
  readonly time: number;
}

/** Two changes of one setting less than this apart are one change, in ms. */
const sameChange = 1500;

/**
 * Everything the charts show of one run, outside React. Frames are appended as they come; `version` goes up with every
 * change. With several replicas a sample is their mean, and its band one standard deviation (n - 1) to each side.
 */
export class History {
  version = 0;
  replicas = 1;
  layers: readonly string[] = [];
  marks: readonly ChangeMark[] = [];
  /** Who taught. What came of it is the part of the same number in every line. */
  segments: readonly Segment[] = [];
  /** Everything that came, replica by replica, in the layout that `Frame` describes. */
  rows = emptyRows(1, 0);
  private lines = new Map<Metric, Pyramid[]>();

  /** A run that is over, by what was kept of it. */
  static of(curves: Curves): History {
    const history = new History();
    const { replicas, layers } = shapeOf(curves.tables);
    const names = Array.from({ length: layers }, (_, layer) => `layer ${layer + 1}`);
    history.restart(curves.segments[0].rule, names, replicas);
    history.replay(curves, Infinity);
    return history;
  }

  /** Forgets the last run and gets ready for one of `rule` with these weight layers and replicas. */
  restart(rule: string, layers: readonly string[], replicas: number): void {
    this.replicas = replicas;
    this.layers = layers;
    this.marks = [];
    this.segments = [{ step: 0, rule }];
    this.rows = emptyRows(replicas, layers.length);
    const band: Band = replicas > 1 ? 'deviation' : 'extremes';
    this.lines = new Map(
      metrics.map((metric) => {
        const perLayer = metric === 'angle' || metric === 'ratio' || metric === 'update';
        return [metric, Array.from({ length: perLayer ? layers.length : 1 }, () => new Pyramid(band))];
      }),
    );
    this.version++;
  }

  /** From `step` on the run goes on under another rule, of that name. */
  changeRule(step: number, rule: string, name: string): void {
    this.marks = this.marks.filter((mark) => mark.key !== 'rule' || mark.step < step);
    this.version++;
    this.forgetIdle();
    const before = this.segments.at(-1)?.rule ?? '';
    if (before === rule) return;
    this.segments = [...this.segments, { step, rule }];
    for (const { starts, length } of this.series) starts.push(length);
    this.marks = [...this.marks, { step, key: 'rule', label: name, time: -Infinity, before }];
  }

  /** Of rules that taught last, and no step, nothing is told. */
  private forgetIdle(): void {
    const { series } = this;
    while (this.segments.length > 1 && series.every(({ starts, length }) => starts.at(-1) === length)) {
      this.segments = this.segments.slice(0, -1);
      for (const { starts } of series) starts.pop();
    }
  }

  /** The run has gone back to `step`: what came of later steps is void. */
  rewind(step: number): void {
    for (const each of this.series) each.rewind(step);
    this.marks = this.marks.map((mark) => ({ ...mark, step: Math.min(mark.step, step) }));
    this.version++;
  }

  /** All of it, to be kept with the run. */
  record(marks = this.marks): Curves {
    const changes = marks.map(({ step, key, label, before }) => ({ step, key, label, before }));
    return curvesIn(this.rows, this.segments, changes);
  }

  /** Takes in what was kept of a run that stood at `step`, after a restart for its network. */
  replay({ tables, segments, changes }: Curves, step: number): void {
    const rowsOf = (name: TableName, part: number): Float32Array => {
      const { width, numbers } = tables[name];
      const [from, to] = [segments[part], segments[part + 1]].map((segment) => segment?.starts[name]);
      return numbers.subarray((from ?? 0) * width, to === undefined ? undefined : to * width);
    };
    for (const part of segments.keys()) {
      if (part > 0) for (const { starts, length } of this.series) starts.push(length);
      this.append({ train: rowsOf('train', part), test: rowsOf('test', part), alignment: rowsOf('alignment', part) });
    }
    this.segments = segments.map((segment) => ({ step: segment.step, rule: segment.rule }));
    this.marks = changes.map((change) => ({ ...change, time: -Infinity }));
    // News can be ahead of what is saved where a GPU is lost meanwhile.
    this.rewind(step);
  }

  /** Everything that is appended to. */
  private get series(): (Pyramid | Rows)[] {
    return [...[...this.lines.values()].flat(), ...Object.values(this.rows)];
  }

  /** Marks a change of the setting `key`, which was `before`, at `step`, made at `time`. */
  mark(step: number, key: string, label: string, time: number, before = ''): void {
    const last = this.marks.at(-1);
    const same = last?.key === key && time - last.time < sameChange;
    const mark = { step: same ? last.step : step, key, label, time, before: same ? last.before : before };
    this.marks = [...(same ? this.marks.slice(0, -1) : this.marks), mark];
    this.version++;
  }

  /** This run to compare others with; `experiment` is what it was at its last step. */
  asEarlier(experiment: Experiment, stepsPerEpoch: number): Trained {
    this.forgetIdle();
    const { segments, firstStep, lastStep, lines } = this;
    // What was changed after the last step has taught nothing.
    const taught = new Set(segments.map(({ step }) => step));
    const marks = this.marks.filter(({ step, key }) => (key === 'rule' ? taught.has(step) : step < lastStep));
    return { experiment, stepsPerEpoch, segments, marks, firstStep, lastStep, lines, curves: this.record(marks) };
  }

  /** The lines of a metric, one for the whole network or one for every weight layer. */
  of(metric: Metric): readonly Pyramid[] {
    return this.lines.get(metric) ?? [];
  }

  /** The newest value of one of a metric's lines under the rule that teaches now; NaN where there is none. */
  latest(metric: Metric, line: number): number {
    const data = this.of(metric)[line];
    return data && data.length > (data.starts.at(-1) ?? 0) ? data.samples.y[data.length - 1] : NaN;
  }

  /** The step at which the first line begins: not 0 in a run that was opened from a file. */
  get firstStep(): number {
    const begun = [...this.lines.values()].flat().filter((line) => line.length > 0);
    return begun.length === 0 ? 0 : Math.min(...begun.map(({ samples }) => samples.x[0]));
  }

  /** The last step that any line has reached. */
  get lastStep(): number {
    let last = 0;
    for (const lines of this.lines.values())
      for (const { samples } of lines) last = Math.max(last, samples.x[samples.length - 1] ?? 0);
    return last;
  }

  /** The step of the last test; 0 before the first. */
  get lastTest(): number {
    const [line] = this.of('testAccuracy');
    return line?.samples.x[line.length - 1] ?? 0;
  }

  get isEmpty(): boolean {
    return [...this.lines.values()].every((lines) => lines.every((line) => line.length === 0));
  }

  /** Takes a frame's rows in; their layout is described at `Frame`. */
  append({ train, test, alignment }: Pick<Frame, 'train' | 'test' | 'alignment'>): void {
    const { replicas: n } = this;
    const layers = this.layers.length;
    this.rows.train.append(train);
    this.rows.test.append(test);
    this.rows.alignment.append(alignment);
    for (let row = 0; row < train.length; row += 1 + 4 * n) {
      const step = train[row];
      const [low, high] = n > 1 ? [undefined, undefined] : [train[row + 2], train[row + 3]];
      this.add('trainLoss', 0, step, train, row + 1, 4, low, high);
      this.add('trainAccuracy', 0, step, train, row + 4, 4);
    }
    for (let row = 0; row < test.length; row += 1 + 2 * n) {
      const step = test[row];
      this.add('testLoss', 0, step, test, row + 1, 2);
      this.add('testAccuracy', 0, step, test, row + 2, 2);
    }
    for (let row = 0; row < alignment.length; row += 1 + 3 * n * layers) {
      const step = alignment[row];
      for (let layer = 0; layer < layers; layer++) {
        const at = row + 1 + 3 * n * layer;
        this.add('angle', layer, step, alignment, at, 3);
        this.add('ratio', layer, step, alignment, at + 1, 3);
        this.add('update', layer, step, alignment, at + 2, 3);
      }
    }
    this.version++;
  }

  /** Adds the mean of the replicas' values, which stand `stride` apart from `at` on; the band is their SD or the one given. */
  private add(
    metric: Metric,
    line: number,
    step: number,
    values: Float32Array,
    at: number,
    stride: number,
    low?: number,
    high?: number,
  ): void {
    const n = this.replicas;
    let sum = 0;
    for (let i = 0; i < n; i++) sum += values[at + i * stride];
    const mean = sum / n;
    let squares = 0;
    for (let i = 0; i < n; i++) squares += (values[at + i * stride] - mean) ** 2;
    const deviation = n > 1 ? Math.sqrt(squares / (n - 1)) : 0;
    this.of(metric)[line]?.append(step, mean, low ?? mean - deviation, high ?? mean + deviation);
  }
}
