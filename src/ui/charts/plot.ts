import { interpolateLab, type ScaleContinuousNumeric } from 'd3';
import type { ChartLine, ChartModel } from './model.ts';
import type { Palette } from './palette.ts';
import type { Pen } from './pen.ts';

/** A chart laid out on a canvas: where its plot lies, in CSS pixels, and how values become places. */
export interface Plot {
  readonly context: Pen;
  readonly palette: Palette;
  readonly model: ChartModel;
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
  readonly x: ScaleContinuousNumeric<number, number>;
  readonly y: (value: number) => number;
  /** The values that the y axis names, and how. */
  readonly ticks: readonly { readonly value: number; readonly text: string }[];
}

/** The height of a label, and the length of the piece of line before a curve's name. */
export const labelSize = 11;
export const swatch = 16;

/** Half a pixel in, so that a one-pixel line is crisp. */
export const crisp = (value: number): number => Math.round(value) + 0.5;

/** A line's colour, where the part's rule taught. */
export const colorOf = ({ segments, shade, tone }: ChartLine, part: number, palette: Palette): string =>
  interpolateLab(palette.rule(segments[part]?.rule ?? '', shade), palette.surface)(tone);

/** A horizontal line through the plot, from the place `from` on. */
export function rule(plot: Plot, y: number, color: string, dash: readonly number[] = [], from = plot.left): void {
  const { context } = plot;
  context.strokeStyle = color;
  context.lineWidth = 1;
  context.setLineDash([...dash]);
  context.beginPath();
  context.moveTo(from, crisp(y));
  context.lineTo(plot.right, crisp(y));
  context.stroke();
  context.setLineDash([]);
}

/** Whether a stretch of the run is shown: above the names of its curves stands what leads back to the whole. */
export const isPart = ({ model: { steps, whole } }: Plot): boolean => steps !== whole;

/** Whether a place lies on the plot. */
export const holds = ({ left, right, top, bottom }: Plot, x: number, y: number): boolean =>
  left <= x && x <= right && top <= y && y <= bottom;

/** Whether some of a line lies on the axis. */
export const isOn = ({ model: { steps } }: Plot, line: ChartLine): boolean => {
  const { samples, length } = line.data;
  if (length === 0) return false;
  const [first, last] = [0, length - 1].map((sample) => samples.x[sample] * line.stretch);
  return first <= steps[1] && last >= steps[0];
};

/** Where a line is at a place on the axis: between two of its samples, or as at its end, which lies before. */
export function heightAt(plot: Plot, { data, stretch }: ChartLine, place: number): number {
  const { samples, length } = data;
  const step = plot.x.invert(place) / stretch;
  const [next] = data.between(step, step);
  const [before, after] = [Math.max(0, next - 1), Math.min(length - 1, next)];
  const x = (sample: number): number => plot.x(samples.x[sample] * stretch);
  const [from, to] = [plot.y(samples.y[before]), plot.y(samples.y[after])];
  return x(after) === x(before) ? to : from + ((place - x(before)) / (x(after) - x(before))) * (to - from);
}

export function dot({ context }: Plot, x: number, y: number, color: string, radius: number): void {
  context.fillStyle = color;
  context.beginPath();
  context.arc(x, y, radius, 0, 2 * Math.PI);
  context.fill();
}

/** From where to where something takes up room, from left to right. */
export type Interval = readonly [from: number, to: number];

export const overlap = (one: Interval, other: Interval): boolean => one[0] < other[1] && one[1] > other[0];

/** Text that stays legible over lines, which keep off by three pixels. */
export function haloed({ context, palette }: Plot, text: string, x: number, y: number, color: string): void {
  context.lineJoin = 'round';
  context.lineWidth = 6;
  context.strokeStyle = palette.surface;
  context.strokeText(text, x, y);
  context.fillStyle = color;
  context.fillText(text, x, y);
}
