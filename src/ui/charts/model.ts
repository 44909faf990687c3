import type { Change, Segment } from '../../model/curves.ts';
import type { DatasetShape } from '../../model/datasets.ts';
import type { Experiment } from '../../model/experiment.ts';
import type { EarlierRun } from './earlier.ts';
import type { History } from './history.ts';
import type { Pyramid } from './pyramid.ts';
import type { Steps } from './steps.ts';

/** One curve: its data, its name at the line's end, and how it is told from its neighbours. */
export interface ChartLine {
  readonly label: string;
  /** What stands at its end; null where nothing does. */
  readonly name: string | null;
  readonly data: Pyramid;
  /** The rules that taught, whose colours it has. */
  readonly segments: readonly Segment[];
  /** How many steps of the axis one of its own is. */
  readonly stretch: number;
  /** The number of the earlier run that it is of; null for the present one's. */
  readonly run: number | null;
  /** Whether it is on the chart: all lines of a deep network would hide one another. */
  readonly drawn: boolean;
  /** Whether its run's number stands on it: another run of the same rule is on the chart. */
  readonly numbered: boolean;
  /** Which shade of its rules' colours it has; null for the colours themselves. */
  readonly shade: number | null;
  /** Canvas dash pattern. */
  readonly dash: readonly number[];
  /** How far its colour is mixed into the surface, 0 to 1. */
  readonly tone: number;
  readonly width: number;
  /** How many of its points may lie within one pixel: a noisy curve is drawn as coarse means inside the band of its extremes. */
  readonly density: number;
  /** Whether it is measured so seldom that its samples are to be seen, where they lie apart. */
  readonly seldom: boolean;
}

/** A horizontal line that theory draws. */
export interface Reference {
  readonly y: number;
  readonly label: string;
  /** The end of the line at which its label stands: where the curves are least likely to be. */
  readonly side: 'left' | 'right';
  /** The step from which on it holds. */
  readonly since: number;
}

/** One chart as data: what to draw, in which ranges. Nothing here knows a canvas. */
export interface ChartModel {
  readonly lines: readonly ChartLine[];
  readonly references: readonly Reference[];
  readonly marks: readonly Change[];
  /** The training steps on the x axis, all that it could show, and what one unit of its labels is. */
  readonly steps: Steps;
  readonly whole: Steps;
  /** The last step that the present run has reached. */
  readonly newest: number;
  readonly stepsPerUnit: number;
  readonly y: { readonly domain: readonly [number, number]; readonly log: boolean; readonly ticks?: readonly number[] };
  /** A value of the y axis as text, for ticks, in up to so many digits, and for read-outs. */
  readonly tick: (value: number, digits: number) => string;
  readonly read: (value: number) => string;
  /** And in a list of several layers. */
  readonly brief: (value: number) => string;
}

/** What a chart is made from. */
export interface Scene {
  readonly history: History;
  /** Runs to compare it with. */
  readonly earlier: readonly EarlierRun[];
  /** The number of the earlier run that stands out. */
  readonly pointed: number | null;
  readonly experiment: Experiment;
  readonly images: DatasetShape;
  readonly stepsPerEpoch: number;
  readonly xUnit: 'step' | 'epoch';
  readonly logLoss: boolean;
  /** What is shown of the run; null for the whole. */
  readonly steps: Steps | null;
}

/** One curve's value at a place: the mean and, with several replicas, its standard deviation. */
export interface Reading {
  readonly label: string;
  readonly line: ChartLine;
  readonly step: number;
  readonly value: number;
  readonly deviation: number | null;
}

/** Values that were measured farther from where one looks than this share of the axis say where they are from. */
const near = 0.04;

/** Whether a reading is of another place than one would think: than the cursor's, or without one than the run's newest. */
export function isElsewhere({ line, step }: Reading, { steps, newest }: ChartModel, cursor: number | null): boolean {
  const place = cursor ?? newest;
  return Math.abs(step * line.stretch - place) > near * (steps[1] - steps[0]);
}

/** The values at the sample next to `step`, or the last ones where `step` is null. Empty lines are left out. */
export function readings(model: ChartModel, replicas: number, step: number | null): Reading[] {
  return model.lines.flatMap((line) => {
    const at = step === null ? line.data.length - 1 : sampleAt(line, step);
    return at < 0 ? [] : [readingAt(line, at, replicas)];
  });
}

/** The sample of a line that is next to a step of the axis; -1 where there is none, or an earlier run had come to its end. */
export function sampleAt({ data, stretch, run }: ChartLine, step: number): number {
  const own = step / stretch;
  return run !== null && own > data.samples.x[data.length - 1] ? -1 : data.nearest(own);
}

/** The samples of a line, from one up to another, that its curve between two steps of the axis is made of. */
export const samplesIn = ({ data, stretch }: ChartLine, [from, to]: Steps): readonly [from: number, to: number] =>
  data.around(from / stretch, to / stretch);

function readingAt(line: ChartLine, at: number, replicas: number): Reading {
  const { samples } = line.data;
  const value = samples.y[at];
  const deviation = replicas > 1 && line.run === null ? samples.high[at] - value : null;
  return { label: line.label, line, step: samples.x[at], value, deviation };
}

/** A row of the table: what was measured at its step, line by line; null where nothing was. */
export interface TableRow {
  readonly step: number;
  readonly cells: readonly (Reading | null)[];
}

/** The values of these lines at `limit` steps at most of those on the axis. Of an earlier run, which was measured at other steps, the newest until then. */
export function tableRows(model: Pick<ChartModel, 'lines' | 'steps'>, replicas: number, limit: number): TableRow[] {
  const { lines } = model;
  const steps = tableSteps(model, limit);
  return steps.map((step, row) => ({
    step,
    cells: lines.map((line) => {
      const { samples } = line.data;
      const own = step / line.stretch;
      const nearest = line.data.nearest(own);
      const at = nearest >= 0 && samples.x[nearest] > own ? nearest - 1 : nearest;
      if (at < 0) return null;
      const known = samples.x[at] * line.stretch;
      const isNews = line.run !== null ? known > (steps[row - 1] ?? model.steps[0] - 1) : known === step;
      return isNews ? readingAt(line, at, replicas) : null;
    }),
  }));
}

/** At most `limit` steps at which some line of the present run was measured, of every line evenly spread over its own. */
function tableSteps({ lines, steps: [first, last] }: Pick<ChartModel, 'lines' | 'steps'>, limit: number): number[] {
  const present = lines.filter(({ data, run }) => run === null && data.length > 0);
  for (let each = limit; each > 0; each--) {
    const steps = new Set(present.flatMap(({ data }) => spreadOver(data, data.between(first, last), each)));
    if (steps.size <= limit) return [...steps].toSorted((a, b) => a - b);
  }
  return [];
}

/** The steps of at most `count` of these samples, the first and the last among them. */
function spreadOver({ samples }: Pyramid, [from, to]: readonly [number, number], count: number): number[] {
  const rows = Math.min(count, to - from);
  return Array.from(
    { length: rows },
    (_, row) => samples.x[rows === 1 ? to - 1 : from + Math.round((row * (to - 1 - from)) / (rows - 1))],
  );
}
