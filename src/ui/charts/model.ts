import type { DatasetShape } from '../../model/datasets.ts';
import type { Experiment } from '../../model/experiment.ts';
import type { Mark } from '../../workers/protocol.ts';
import type { History, Segment } from './history.ts';
import type { Pyramid } from './pyramid.ts';

/** One curve: its data, its name at the line's end, and how it is told from its neighbours. */
export interface ChartLine {
  readonly label: string;
  readonly data: Pyramid;
  /** Canvas dash pattern. */
  readonly dash: readonly number[];
  /** How far its colour is mixed into the surface, 0 to 1. */
  readonly tone: number;
  readonly width: number;
  /** How many of its points may lie within one pixel: a noisy curve is drawn as coarse means inside the band of its extremes. */
  readonly density: number;
}

/** A horizontal line that theory draws. */
export interface Reference {
  readonly y: number;
  readonly label: string;
  /** The end of the line at which its label stands: where the curves are least likely to be. */
  readonly side: 'left' | 'right';
}

/** One chart as data: what to draw, in which ranges. Nothing here knows a canvas. */
export interface ChartModel {
  readonly lines: readonly ChartLine[];
  readonly references: readonly Reference[];
  readonly marks: readonly Mark[];
  readonly segments: readonly Segment[];
  /** Ends of the x axis in training steps, and what one unit of its labels is. */
  readonly steps: readonly [number, number];
  readonly stepsPerUnit: number;
  readonly y: { readonly domain: readonly [number, number]; readonly log: boolean; readonly ticks?: readonly number[] };
  /** A value of the y axis as text, for ticks and for read-outs. */
  readonly tick: (value: number) => string;
  readonly read: (value: number) => string;
}

/** What a chart is made from. */
export interface Scene {
  readonly history: History;
  readonly experiment: Experiment;
  readonly images: DatasetShape;
  readonly stepsPerEpoch: number;
  readonly xUnit: 'step' | 'epoch';
  readonly logLoss: boolean;
}

/** One curve's value at a place: the mean and, with several replicas, its standard deviation. */
export interface Reading {
  readonly label: string;
  readonly line: ChartLine;
  readonly step: number;
  readonly value: number;
  readonly deviation: number | null;
}

/** The values at the sample next to `step`, or the last ones where `step` is null. Empty lines are left out. */
export function readings(model: ChartModel, replicas: number, step: number | null): Reading[] {
  return model.lines.flatMap((line) => {
    const { samples } = line.data;
    const at = step === null ? samples.length - 1 : line.data.nearest(step);
    if (at < 0) return [];
    const value = samples.y[at];
    return [
      {
        label: line.label,
        line,
        step: samples.x[at],
        value,
        deviation: replicas > 1 ? samples.high[at] - value : null,
      },
    ];
  });
}

/** At most `limit` steps, evenly spread over the samples of the longest line: the rows of the table. */
export function tableSteps(model: ChartModel, limit: number): number[] {
  const longest = model.lines.reduce<Pyramid | null>(
    (best, { data }) => (best === null || data.length > best.length ? data : best),
    null,
  );
  if (longest === null) return [];
  const { samples } = longest;
  const rows = Math.min(limit, samples.length);
  return Array.from(
    { length: rows },
    (_, row) => samples.x[rows === 1 ? 0 : Math.round((row * (samples.length - 1)) / (rows - 1))],
  );
}
