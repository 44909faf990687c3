import { printExperiment } from '../../model/codec.ts';
import { shapeOf, tableNames, type Curves, type TableName } from '../../model/curves.ts';
import type { Experiment } from '../../model/experiment.ts';
import { layerCells, layerColumns, type Metrics } from '../../model/metrics.ts';

/** One network at one point of its run, and its rule, which may change here. */
interface Line extends Metrics {
  /** The rule that taught. */
  readonly rule: string;
}

const finite = (value: number | undefined): number | null =>
  value !== undefined && Number.isFinite(value) ? value : null;

/** A table of a run, read from its first row to its last. */
class Reader {
  private readonly numbers: Float32Array;
  private readonly width: number;
  private readonly rules: readonly { readonly start: number; readonly rule: string }[];
  private at = 0;
  private part = 0;

  constructor({ tables, segments }: Curves, name: TableName) {
    ({ numbers: this.numbers, width: this.width } = tables[name]);
    this.rules = segments.map(({ rule, starts }) => ({ start: starts[name] * this.width, rule }));
  }

  /** The step of the next row. */
  get step(): number {
    return this.numbers[this.at] ?? Infinity;
  }

  /** The rows of a step, by the rule that taught. Of several the last counts. */
  take(step: number): ReadonlyMap<string, Float32Array> {
    const rows = new Map<string, Float32Array>();
    for (; this.step === step; this.at += this.width) {
      while (this.at >= (this.rules[this.part + 1]?.start ?? Infinity)) this.part++;
      rows.set(this.rules[this.part].rule, this.numbers.subarray(this.at, this.at + this.width));
    }
    return rows;
  }
}

/**
 * Every number that the charts were drawn from, by step and network; training before test where both are of one step. They
 * come one by one: of a long run with many seeds there are more than memory holds.
 */
export function* linesOf(curves: Curves, seed: number, stepsPerEpoch: number): Generator<Line> {
  const [train, test, alignment] = tableNames.map((name) => new Reader(curves, name));
  const { replicas, layers } = shapeOf(curves.tables);
  for (;;) {
    const step = Math.min(train.step, test.step, alignment.step);
    if (step === Infinity) return;
    const epoch = stepsPerEpoch > 0 ? step / stepsPerEpoch : 0;
    const [batches, results, looks] = [train, test, alignment].map((table) => table.take(step));
    for (let replica = 0; replica < replicas; replica++)
      for (const rule of new Set([...batches.keys(), ...looks.keys()])) {
        const [row, look] = [batches.get(rule), looks.get(rule)];
        const [loss, accuracy] = [1, 4].map((at) => finite(row?.[at + 4 * replica]));
        const measured = look ? layersIn(look, replica, replicas, layers) : [];
        yield { step, epoch, split: 'train', replica, seed: seed + replica, rule, loss, accuracy, layers: measured };
      }
    for (let replica = 0; replica < replicas; replica++)
      for (const [rule, row] of results) {
        const [loss, accuracy] = [1, 2].map((at) => finite(row[at + 2 * replica]));
        yield { step, epoch, split: 'test', replica, seed: seed + replica, rule, loss, accuracy, layers: [] };
      }
  }
}

const layersIn = (look: Float32Array, replica: number, replicas: number, layers: number): Line['layers'] =>
  Array.from({ length: layers }, (_, layer) => {
    const at = 1 + 3 * (replicas * layer + replica);
    return { angle: finite(look[at]), ratio: finite(look[at + 1]), gradAngle: finite(look[at + 2]) };
  });

/** A run whose numbers are written, or were. */
export interface Written {
  readonly experiment: Experiment;
  readonly curves: Curves;
  readonly stepsPerEpoch: number;
}

/** One of those before the present run, which are known by their numbers. */
type Earlier = Written & { readonly number: number };

const linesFrom = ({ experiment, curves, stepsPerEpoch }: Written): Generator<Line> =>
  linesOf(curves, experiment.seed, stepsPerEpoch);

/** A row a line. Nothing stands where nothing was measured. Beside earlier runs a column says of which run a row is. */
export function* toCsv(present: Written, earlier: readonly Earlier[]): Generator<string> {
  const plain = ['step', 'epoch', 'split', 'replica', 'seed', 'rule', 'loss', 'accuracy'];
  const depth = Math.max(...[present, ...earlier].map(({ curves }) => depthOf(curves)));
  yield `${[...(earlier.length > 0 ? ['run'] : []), ...plain, ...layerColumns(depth)].join(',')}\n`;
  for (const run of earlier) yield* rowsOf(run, `${run.number},`, depth);
  yield* rowsOf(present, earlier.length > 0 ? 'present,' : '', depth);
}

/** Weight layers that a run was looked at. */
const depthOf = (curves: Curves): number =>
  curves.tables.alignment.numbers.length > 0 ? shapeOf(curves.tables).layers : 0;

/** The rows of a run, each behind the same beginning. */
function* rowsOf(run: Written, begin: string, depth: number): Generator<string> {
  // Most lines have no layers, and need not be asked for each of them.
  const blank = ','.repeat(layerColumns(depth).length);
  for (const line of linesFrom(run)) {
    const { step, epoch, split, replica, seed, rule, loss, accuracy, layers } = line;
    const measured = layers.length === 0 ? blank : `,${layerCells(line, depth).join(',')}`;
    yield `${begin}${step},${epoch},${split},${replica},${seed},${rule},${loss ?? ''},${accuracy ?? ''}${measured}\n`;
  }
}

/** A run: the experiment as it was in the end, the rules that taught, what was changed on the way, and its lines. Earlier runs stand behind the present one. */
export function* toJson(present: Written, earlier: readonly Earlier[]): Generator<string> {
  yield* runOf(present, {});
  if (earlier.length > 0) {
    let comma = ',\n "runs": [\n';
    for (const run of earlier) {
      yield comma;
      yield* runOf(run, { run: run.number });
      yield '}';
      comma = ',\n';
    }
    yield '\n ]';
  }
  yield '\n}\n';
}

/** A run's object, each line on one of the file, but for the brace that closes it. */
function* runOf(written: Written, name: { readonly run?: number }): Generator<string> {
  const { experiment, curves } = written;
  const segments = curves.segments.map(({ step, rule }) => ({ step, rule }));
  const head = { ...name, experiment: printExperiment(experiment), segments, changes: curves.changes };
  yield `${JSON.stringify(head, null, 1).replace(/\n\}$/, '')},\n "lines": [`;
  let comma = '';
  for (const line of linesFrom(written)) {
    yield `${comma}\n  ${JSON.stringify(line)}`;
    comma = ',';
  }
  yield '\n ]';
}
