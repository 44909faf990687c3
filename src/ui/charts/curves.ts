import { samplesIn, type ChartLine } from './model.ts';
import { colorOf, dot, heightAt, isOn, isPart, labelSize, swatch, type Plot } from './plot.ts';
import { spread } from './spread.ts';

/** Samples nearer to each other than this, in pixels, would hide their curve. */
const leastApart = 12;

/** Every curve, in the colour of the rule that taught. Where another took over a curve breaks: nothing was measured between. */
export function drawCurves(plot: Plot): void {
  const { context, model } = plot;
  context.save();
  context.beginPath();
  context.rect(plot.left - 3, plot.top - 4, plot.right - plot.left + 7, plot.bottom - plot.top + 6);
  context.clip();
  for (const line of model.lines.filter(({ drawn }) => drawn))
    for (const part of line.segments.keys()) drawPart(plot, line, part);
  context.restore();
}

/** The part of a curve that one rule taught. */
function drawPart(plot: Plot, line: ChartLine, part: number): void {
  const { context, y, palette } = plot;
  const { samples } = line.data;
  const [begun, over] = line.data.within(part, samples);
  const [from, to] = samplesIn(line, plot.model.steps);
  const [first, end] = [Math.max(begun, from), Math.min(over, to)];
  if (first >= end) return;
  const x = (step: number): number => plot.x(step * line.stretch);
  const placeOf = (sample: number) => [x(samples.x[sample]), y(samples.y[sample])] as const;
  const [begin, last] = [placeOf(first), placeOf(end - 1)];
  const stretches = line.data.stretchesOf(part, line.density * (plot.right - plot.left), from, to);
  const ink = colorOf(line, part, palette);
  const forth = (column: 'y' | 'high'): void => {
    for (const { level, from, to } of stretches)
      for (let i = from; i < to; i++) context.lineTo(x(level.x[i]), y(level[column][i]));
  };
  context.globalAlpha = 0.16;
  context.fillStyle = ink;
  context.beginPath();
  context.moveTo(...begin);
  forth('high');
  for (const { level, from, to } of stretches.toReversed())
    for (let i = to - 1; i >= from; i--) context.lineTo(x(level.x[i]), y(level.low[i]));
  context.fill();
  context.globalAlpha = 1;

  context.strokeStyle = ink;
  context.lineWidth = line.width;
  context.lineJoin = 'round';
  context.lineCap = 'butt';
  context.setLineDash([...line.dash]);
  context.beginPath();
  context.moveTo(...begin);
  forth('y');
  context.lineTo(...last);
  context.stroke();
  context.setLineDash([]);
  const entries = stretches.reduce((sum, { from, to }) => sum + to - from, 0);
  if (line.seldom && (last[0] - begin[0]) / entries >= leastApart)
    for (const { level, from, to } of stretches)
      for (let i = from; i < to; i++) dot(plot, x(level.x[i]), y(level.y[i]), ink, line.width);
  if (end === over) dot(plot, ...last, ink, line.width + 0.75);
}

/** Names where the curves end, or go on beyond the axis, pushed apart where they would overlap; where there is no room for all, those of earlier runs are left out first. */
export function drawNames(plot: Plot): void {
  const { context, model, palette } = plot;
  const gap = labelSize + 3;
  const top = plot.top + (isPart(plot) ? gap : 0);
  const room = Math.floor((plot.bottom - top) / gap);
  const named = model.lines.filter((line) => line.name !== null && isOn(plot, line));
  const present = thinned(
    named.filter(({ run }) => run === null),
    room,
  );
  const earlier = thinned(
    named.filter(({ run }) => run !== null),
    room - present.length,
  );
  const names = [...earlier, ...present]
    .map((line, order) => ({ line, order, y: heightAt(plot, line, plot.right) }))
    // Curves that run together keep their order, or their names would swap places all the time.
    .toSorted((a, b) => (Math.abs(a.y - b.y) < labelSize / 2 ? a.order - b.order : a.y - b.y));
  const places = spread(
    names.map(({ y }) => y),
    gap,
    top,
    plot.bottom - 5,
  );
  context.textAlign = 'left';
  for (const [i, { line }] of names.entries()) {
    const y = places[i];
    context.strokeStyle = colorOf(line, line.segments.length - 1, palette);
    context.lineWidth = line.width;
    context.setLineDash([...line.dash]);
    context.beginPath();
    context.moveTo(plot.right + 7, y);
    context.lineTo(plot.right + 7 + swatch, y);
    context.stroke();
    context.setLineDash([]);
    context.fillStyle = palette.inkSoft;
    context.fillText(line.name ?? '', plot.right + 11 + swatch, y);
  }
}

/** Every second, third … of them, as many as there is room for. */
const thinned = (lines: readonly ChartLine[], room: number): readonly ChartLine[] =>
  room <= 0 ? [] : lines.filter((_, i) => i % Math.ceil(lines.length / room) === 0);
