import type { ChartLine } from './model.ts';
import { colorOf, heightAt, holds, isOn, type Plot } from './plot.ts';

/** The least distance of two numbers along the axis, and from the end of a line that has its own, in pixels. */
const apart = 16;
/** The numbers of a line are at least so far from each other. */
const interval = 170;
/** Lines that end this near the end of the axis have their names there. */
const ended = 30;

/** The numbers of earlier runs of one rule, on their curves, in turns: colour alone does not tell eight of them apart. */
export function drawNumbers(plot: Plot): void {
  const lines = plot.model.lines.filter((line) => line.drawn && line.numbered && isOn(plot, line));
  const round = Math.max(interval, apart * lines.length);
  for (const [turn, line] of lines.entries()) {
    const { samples, length } = line.data;
    const [begin, end] = [0, length - 1].map((sample) => plot.x(samples.x[sample] * line.stretch));
    const last = end < plot.right - ended;
    const places = last ? [end] : [];
    const until = last ? end - apart : Math.min(end, plot.right) - 8;
    for (let x = plot.left + ((turn + 0.5) / lines.length) * round; x < until; x += round) places.push(x);
    for (const x of places) {
      const y = heightAt(plot, line, x);
      if (x >= begin && holds(plot, x, y)) drawNumber(plot, line, x, y);
    }
  }
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
