import { parseExperiment } from '../../model/codec.ts';
import {
  isChange,
  isSegment,
  tableNames,
  type Change,
  type Curves,
  type Segment,
  type TableName,
} from '../../model/curves.ts';
import type { Experiment } from '../../model/experiment.ts';
import { FaultError } from '../../model/fault.ts';
import { fieldKeys } from '../../model/fields.ts';
import { isRecord, parseLines } from '../../model/json.ts';
import { depthOf, isMetrics, type Metrics } from '../../model/metrics.ts';
import { curvesIn, emptyRows } from '../charts/rows.ts';
import type { Written } from './numbers.ts';

/** A run that was read, and where. */
export type Opened = Written & { readonly file: string };

/** What a file says of a run, of which nothing is believed yet. */
interface Told {
  /** Its folder, where a terminal has merged several. */
  readonly run?: unknown;
  readonly experiment?: unknown;
  readonly lines?: unknown;
  /** A terminal does not say these: there one rule teaches to the end. */
  readonly segments?: unknown;
  readonly changes?: unknown;
}

/**
 * The runs whose numbers a file of JSON holds, the present one last: what this page exports, or what a terminal has merged. Null
 * where it is something else.
 * @throws FaultError('data') that says what is wrong with them
 */
export function runsIn(file: string, data: unknown): readonly Opened[] | null {
  const told = Array.isArray(data) ? merged(data) : exported(data);
  return told && readAll(file, told);
}

/** The run of a terminal's `metrics.jsonl` and of the experiment that lies beside it. Throws a FaultError('data') as `runsIn` does. */
export function runOf(file: string, text: string, experiment: unknown): readonly Opened[] {
  const lines = parseLines(text, (line) => refuse(file, `line ${line} is no JSON`));
  return readAll(file, [{ experiment, lines }]);
}

function readAll(file: string, told: readonly Told[]): readonly Opened[] {
  const runs = told.map((each) => read(file, each)).filter(isCurve);
  if (runs.length > 0) return runs;
  throw new FaultError(
    'data',
    `${file} has numbers of one step at most, and no curve. Open those of a run that has trained, or merge with --curves.`,
  );
}

/** The earlier runs stand behind the present one. */
function exported(data: unknown): readonly Told[] | null {
  if (!isRecord(data) || !('lines' in data)) return null;
  const { runs } = data;
  return [...(Array.isArray(runs) ? runs.filter(isRecord) : []), data];
}

/** A list of lines, each with its run and its experiment. */
function merged(rows: readonly unknown[]): readonly Told[] | null {
  const lines = new Map<string, Record<string, unknown>[]>();
  for (const row of rows) {
    if (!isRecord(row) || typeof row['run'] !== 'string') return null;
    const before = lines.get(row['run']);
    if (before) before.push(row);
    else lines.set(row['run'], [row]);
  }
  return Array.from(lines, ([run, own]) => ({ run, experiment: own[0]['experiment'], lines: own }));
}

/** Of a run that had not begun there is nothing to draw. */
function isCurve({ curves: { tables } }: Written): boolean {
  const ends = tableNames.flatMap((name) => {
    const { numbers, width } = tables[name];
    return numbers.length > 0 ? [numbers[0], numbers[numbers.length - width]] : [];
  });
  return Math.max(...ends) > Math.min(...ends);
}

const refuse = (file: string, what: string): never => {
  throw new FaultError('data', `${file}: ${what}. Open it as the page or the terminal wrote it.`);
};

function read(source: string, told: Told): Opened {
  const file = typeof told.run === 'string' ? `${source}, ${told.run}` : source;
  const experiment = experimentOf(file, told.experiment);
  const { lines, segments = [{ step: 0, rule: experiment.rule }], changes = [] } = told;
  if (!Array.isArray(segments) || !segments.every(isSegment) || segments.length === 0)
    return refuse(file, 'it does not say which rules taught');
  if (!Array.isArray(changes) || !changes.every(isChange)) return refuse(file, 'it does not say what was changed');
  if (!Array.isArray(lines)) return refuse(file, 'its lines are no list');
  const odd = lines.findIndex((line) => !isMetrics(line));
  if (odd >= 0) return refuse(file, `number ${odd + 1} of its lines does not hold the figures of a run`);
  const last = (lines as Metrics[]).findLast(({ step, epoch }) => step > 0 && epoch > 0);
  return {
    file,
    experiment,
    curves: curvesOf(lines as Line[], experiment.replicas, segments, changes, (what) => refuse(file, what)),
    stepsPerEpoch: last === undefined ? 0 : Math.round(last.step / last.epoch),
  };
}

/** A run is known by its settings: none of them may be made up. */
function experimentOf(file: string, data: unknown): Experiment {
  const { experiment, notices } = parseExperiment(data);
  const named = isRecord(data) && fieldKeys.some((key) => key in data);
  if (notices.length > 0) refuse(file, `its experiment cannot be used. ${notices.join(' ').replace(/\.$/, '')}`);
  return named ? experiment : refuse(file, 'it does not say of which experiment it is');
}

/** A line, and the rule that taught; a terminal does not name it. */
type Line = Metrics & { readonly rule?: unknown };

/** The tables that lines were written from. The extremes of the steps between two lines were not, and are not made up. */
function curvesOf(
  lines: readonly Line[],
  replicas: number,
  segments: readonly Segment[],
  changes: readonly Change[],
  refuse: (what: string) => never,
): Curves {
  const depth = depthOf(lines);
  const tables = emptyRows(replicas, depth);
  /** The rows of the step that is being read: of each table one for every rule. */
  let rows: { readonly name: TableName; readonly part: number; readonly row: Float32Array }[] = [];
  let step = 0;
  const rowOf = (name: TableName, part: number): Float32Array => {
    const begun = rows.find((each) => each.name === name && each.part === part);
    if (begun) return begun.row;
    const row = new Float32Array(tables[name].width).fill(NaN);
    row[0] = step;
    rows.push({ name, part, row });
    return row;
  };
  /** What comes next in a table is of this part. */
  const begin = (name: TableName, part: number): void => {
    const { starts, length } = tables[name];
    if (part < starts.length - 1) refuse(`at step ${step} a rule teaches that another one had taken the place of`);
    while (starts.length <= part) starts.push(length);
  };
  const flush = (): void => {
    for (const { name, part, row } of rows.toSorted((a, b) => a.part - b.part)) {
      begin(name, part);
      tables[name].append(row);
    }
    rows = [];
  };
  for (const [i, line] of lines.entries()) {
    const { split, replica, loss, accuracy, layers, rule = segments[0].rule } = line;
    const wrong = (what: string): never => refuse(`number ${i + 1} of its lines, of step ${line.step}, ${what}`);
    if (line.step < step) wrong(`stands behind step ${step}`);
    if (line.step > step) flush();
    step = line.step;
    if (replica >= replicas) wrong(`is of network ${replica + 1}, and its experiment has ${replicas}`);
    if (layers.length > 0 && layers.length < depth) wrong(`tells of ${layers.length} layers, and others of ${depth}`);
    const part = segments.findLastIndex((segment) => segment.rule === rule && segment.step <= step);
    if (part < 0) wrong('is of a rule that did not teach there');
    if (loss !== null || accuracy !== null) {
      const figures = split === 'train' ? [loss, loss, loss, accuracy] : [loss, accuracy];
      rowOf(split, part).set(figures.map(number), 1 + figures.length * replica);
    }
    for (const [layer, { angle, ratio, gradAngle }] of layers.entries())
      rowOf('alignment', part).set([angle, ratio, gradAngle].map(number), 1 + 3 * (replicas * layer + replica));
  }
  flush();
  for (const name of tableNames) begin(name, segments.length - 1);
  return curvesIn(tables, segments, changes);
}

const number = (value: number | null): number => value ?? NaN;
