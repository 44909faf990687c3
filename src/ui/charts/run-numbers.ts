import type { ChartLine } from './model.ts';
import { colorOf, type Plot } from './plot.ts';

/** The least distance of two numbers along the axis, and from the end of a line that has its own, in pixels. */
const apart = 16;
/** The numbers of a line are at least so far from each other. */
const interval = 170;
/** Lines that end this near the end of the axis have their names there. */
const ended = 30;

/** The numbers of earlier runs of one rule, on their curves, in turns: colour alone does not tell eight of them apart. */
export function drawNumbers(plot: Plot): void {
  const lines = plot.model.lines.filter(({ data, drawn, numbered }) => drawn && numbered && data.length > 0);
  const round = Math.max(interval, apart * lines.length);
  for (const [turn, line] of lines.entries()) {
    const { samples, length } = line.data;
    const [begin, end] = [0, length - 1].map((sample) => plot.x(samples.x[sample] * line.stretch));
    const last = end < plot.right - ended;
    if (last) drawNumber(plot, line, end, plot.y(samples.y[length - 1]));
    for (let x = plot.left + ((turn + 0.5) / lines.length) * round; x < end - (last ? apart : 8); x += round)
      if (x >= begin) drawNumber(plot, line, x, heightAt(plot, line, x));
  }
}

/** Where a line is at a place on the axis, between two of its samples. */
function heightAt(plot: Plot, { data, stretch }: ChartLine, place: number): number {
  const { samples, length } = data;
  const x = (sample: number): number => plot.x(samples.x[sample] * stretch);
  const step = plot.x.invert(place) / stretch;
  const nearest = data.nearest(step);
  const after = Math.min(length - 1, samples.x[nearest] < step ? nearest + 1 : nearest);
  const before = Math.max(0, after - 1);
  const [from, to] = [plot.y(samples.y[before]), plot.y(samples.y[after])];
  return x(after) === x(before) ? to : from + ((place - x(before)) / (x(after) - x(before))) * (to - from);
}

/** A disc in the line's colour with the number of its run. */
function drawNumber(plot: Plot, line: ChartLine, x: number, y: number): void {
  const { context, palette } = plot;
  const { font } = context;
  const sample = line.data.nearest(plot.x.invert(x) / line.stretch);
  context.font = `600 9px ${palette.font}`;
  const text = String(line.run);
  context.beginPath();
  context.arc(x, y, Math.max(6.5, context.measureText(text).width / 2 + 3), 0, 2 * Math.PI);
  context.fillStyle = palette.surface;
  context.fill();
  context.strokeStyle = colorOf(line, line.data.partOf(sample), palette);
  context.lineWidth = 1.25;
  context.stroke();
  context.textAlign = 'center';
  context.fillStyle = palette.inkSoft;
  context.globalAlpha = 1 - line.tone;
  context.fillText(text, x, y + 0.5);
  context.globalAlpha = 1;
  context.font = font;
}
