import { interpolateLab, scaleLinear, scaleLog, type ScaleContinuousNumeric } from 'd3';
import { compact } from '../format.ts';
import type { ChartLine, ChartModel } from './model.ts';
import type { Palette } from './palette.ts';
import type { Pen } from './pen.ts';
import { spread } from './spread.ts';

type Scale = ScaleContinuousNumeric<number, number>;

/** Where things are on a drawn chart, in CSS pixels, for the pointer. */
export interface Geometry {
  readonly left: number;
  readonly right: number;
  readonly steps: readonly [number, number];
}

interface Plot {
  readonly context: Pen;
  readonly palette: Palette;
  readonly model: ChartModel;
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
  readonly x: Scale;
  readonly y: Scale;
}

const labelSize = 11;
const swatch = 16;
/** Room for a label like "layer 1", also while there is none: the plot must not jump. */
const labelRoom = 38;

/** Draws a chart on a canvas of `width` × `height` CSS pixels (the context is scaled already). */
export function drawChart(
  context: Pen,
  width: number,
  height: number,
  model: ChartModel,
  palette: Palette,
  cursor: number | null,
): Geometry {
  context.clearRect(0, 0, width, height);
  context.font = `${labelSize}px ${palette.font}`;
  context.textBaseline = 'middle';
  const plot = layOut(context, width, height, model, palette);
  drawGrid(plot);
  drawReferences(plot);
  for (const [index, segment] of model.segments.entries()) {
    const to = model.segments[index + 1]?.step ?? Infinity;
    drawSegment(plot, segment.step, to, palette.rule(segment.rule));
  }
  drawMarks(plot);
  if (cursor !== null) drawCursor(plot, cursor);
  drawEndLabels(plot);
  return { left: plot.left, right: plot.right, steps: model.steps };
}

function layOut(context: Pen, width: number, height: number, model: ChartModel, palette: Palette): Plot {
  const top = 14;
  const bottom = height - 24;
  const y = (model.y.log ? scaleLog() : scaleLinear()).domain(model.y.domain).range([bottom, top]);
  const widest = (texts: readonly string[]): number =>
    texts.reduce((most, text) => Math.max(most, context.measureText(text).width), 0);
  const left = Math.ceil(widest(ticksOf(model, y, bottom - top).map(model.tick))) + 12;
  const right = width - Math.max(labelRoom, Math.ceil(widest(model.lines.map((line) => line.label)))) - swatch - 14;
  const x = scaleLinear().domain(model.steps).range([left, right]);
  return { context, palette, model, left, right, top, bottom, x, y };
}

/** About one tick every 44 px; on a logarithmic axis 1, 2 and 5 of each decade. */
function ticksOf(model: ChartModel, y: Scale, height: number): readonly number[] {
  if (model.y.ticks) return model.y.ticks;
  const ticks = y.ticks(Math.max(2, Math.round(height / 44)));
  if (!model.y.log) return ticks;
  const preferred = ticks.filter((tick) =>
    [1, 2, 5].includes(Math.round(tick / 10 ** Math.floor(Math.log10(tick) + 1e-9))),
  );
  return preferred.length > 1 ? preferred : ticks;
}

/** Half a pixel in, so that a one-pixel line is crisp. */
const crisp = (value: number): number => Math.round(value) + 0.5;

function rule(plot: Plot, y: number, color: string, dash: readonly number[] = []): void {
  const { context } = plot;
  context.strokeStyle = color;
  context.lineWidth = 1;
  context.setLineDash(dash);
  context.beginPath();
  context.moveTo(plot.left, crisp(y));
  context.lineTo(plot.right, crisp(y));
  context.stroke();
  context.setLineDash([]);
}

function drawGrid(plot: Plot): void {
  const { context, model, palette, y } = plot;
  context.textAlign = 'right';
  for (const tick of ticksOf(model, y, plot.bottom - plot.top)) {
    rule(plot, y(tick), palette.grid);
    context.fillStyle = palette.inkFaint;
    context.fillText(model.tick(tick), plot.left - 7, y(tick));
  }
  rule(plot, plot.bottom, palette.lineStrong);
  context.textAlign = 'center';
  const units = scaleLinear()
    .domain(model.steps.map((step) => step / model.stepsPerUnit))
    .range([plot.left, plot.right]);
  for (const tick of units.ticks(Math.max(2, Math.floor((plot.right - plot.left) / 90)))) {
    context.fillStyle = palette.lineStrong;
    context.fillRect(Math.round(units(tick)), plot.bottom, 1, 4);
    context.fillStyle = palette.inkFaint;
    context.fillText(tick < 10_000 ? String(tick) : compact(tick), units(tick), plot.bottom + 13);
  }
}

/** Text that stays legible over lines. */
function haloed(plot: Plot, text: string, x: number, y: number, color: string): void {
  const { context } = plot;
  context.lineJoin = 'round';
  context.lineWidth = 4;
  context.strokeStyle = plot.palette.surface;
  context.strokeText(text, x, y);
  context.fillStyle = color;
  context.fillText(text, x, y);
}

function drawReferences(plot: Plot): void {
  const { context, left, right, palette } = plot;
  let last = { y: -Infinity, end: left };
  for (const { y: value, label, side } of plot.model.references) {
    const y = plot.y(value);
    rule(plot, y, palette.lineStrong, [4, 4]);
    context.textAlign = side;
    if (side === 'right') {
      haloed(plot, label, right - 2, y - 8, palette.inkFaint);
      continue;
    }
    // Lines that lie close together have their labels one after the other.
    const x = Math.abs(y - last.y) < labelSize + 3 ? last.end + 14 : left + 4;
    haloed(plot, label, x, y - 8, palette.inkFaint);
    last = { y, end: x + context.measureText(label).width };
  }
}

/** The part of every curve in which one rule taught, in that rule's colour. */
function drawSegment(plot: Plot, from: number, to: number, color: string): void {
  const { context, x } = plot;
  const start = from === 0 ? 0 : x(from);
  const end = to === Infinity ? plot.right + 4 : x(to);
  context.save();
  context.beginPath();
  context.rect(start, plot.top - 4, end - start, plot.bottom - plot.top + 6);
  context.clip();
  for (const chartLine of plot.model.lines) drawLine(plot, chartLine, color);
  context.restore();
}

const toneOf = (color: string, palette: Palette, tone: number): string => interpolateLab(color, palette.surface)(tone);

function drawLine(plot: Plot, chartLine: ChartLine, color: string): void {
  const { context, x, y, palette } = plot;
  const { data } = chartLine;
  if (data.length === 0) return;
  const level = data.atMost(chartLine.density * (plot.right - plot.left));
  const ink = toneOf(color, palette, chartLine.tone);
  const trace = (ys: Float32Array, from: number, to: number): void => {
    for (let i = from; i !== to; i += Math.sign(to - from)) context.lineTo(x(level.x[i]), y(ys[i]));
  };
  const start = (ys: Float32Array): void => {
    context.beginPath();
    context.moveTo(x(level.x[0]), y(ys[0]));
    trace(ys, 1, level.length);
  };
  context.globalAlpha = 0.16;
  context.fillStyle = ink;
  start(level.high);
  trace(level.low, level.length - 1, -1);
  context.fill();
  context.globalAlpha = 1;

  const last = data.length - 1;
  const end = [x(data.samples.x[last]), y(data.samples.y[last])] as const;
  context.strokeStyle = ink;
  context.lineWidth = chartLine.width;
  context.lineJoin = 'round';
  context.lineCap = 'butt';
  context.setLineDash([...chartLine.dash]);
  start(level.y);
  context.lineTo(...end);
  context.stroke();
  context.setLineDash([]);
  dot(plot, end[0], end[1], ink, chartLine.width + 0.75);
}

function dot({ context }: Plot, x: number, y: number, color: string, radius: number): void {
  context.fillStyle = color;
  context.beginPath();
  context.arc(x, y, radius, 0, 2 * Math.PI);
  context.fill();
}

/** What the user changed, and when; a label that would cover a later one is left out. */
function drawMarks(plot: Plot): void {
  const { context, palette, x } = plot;
  const { marks } = plot.model;
  context.strokeStyle = palette.inkFaint;
  context.fillStyle = palette.inkFaint;
  context.lineWidth = 1;
  for (const mark of marks) {
    const at = crisp(x(mark.step));
    context.setLineDash([1, 3]);
    context.beginPath();
    context.moveTo(at, plot.top - 6);
    context.lineTo(at, plot.bottom);
    context.stroke();
    context.setLineDash([]);
    context.beginPath();
    context.moveTo(at - 3.5, plot.top - 10);
    context.lineTo(at + 3.5, plot.top - 10);
    context.lineTo(at, plot.top - 4);
    context.fill();
  }
  // From the newest on: of labels that would cover each other the later one counts.
  context.textAlign = 'left';
  let limit = plot.right + 40;
  for (const [age, mark] of marks.toReversed().entries()) {
    const at = crisp(x(mark.step));
    const { width } = context.measureText(mark.label);
    const fits = at + 6 + width <= limit;
    // What was just changed is marked at the end of the axis, where there is room on the left alone.
    const start = fits ? at + 6 : at - 6 - width;
    const shown = fits || (age === 0 && start > plot.left);
    if (shown) haloed(plot, mark.label, start, plot.top - 7, palette.inkSoft);
    limit = (shown ? Math.min(at, start) : at) - 8;
  }
}

function drawCursor(plot: Plot, step: number): void {
  const { context, palette, model, x, y } = plot;
  const at = crisp(Math.min(plot.right, Math.max(plot.left, x(step))));
  context.strokeStyle = palette.inkSoft;
  context.lineWidth = 1;
  context.beginPath();
  context.moveTo(at, plot.top);
  context.lineTo(at, plot.bottom);
  context.stroke();
  for (const { data, tone } of model.lines) {
    const index = data.nearest(step);
    if (index < 0) continue;
    const { x: xs, y: ys } = data.samples;
    const color = palette.rule(ruleAt(model, xs[index]));
    dot(plot, x(xs[index]), y(ys[index]), palette.surface, 4.5);
    dot(plot, x(xs[index]), y(ys[index]), toneOf(color, palette, tone), 3);
  }
  const text = String(Number((step / model.stepsPerUnit).toPrecision(model.stepsPerUnit > 1 ? 3 : 7)));
  const half = context.measureText(text).width / 2;
  const middle = Math.min(plot.right - half, Math.max(plot.left + half, at));
  context.strokeStyle = palette.ink;
  context.lineWidth = 17;
  context.lineCap = 'round';
  context.beginPath();
  context.moveTo(middle - half, plot.bottom + 13);
  context.lineTo(middle + half, plot.bottom + 13);
  context.stroke();
  context.lineCap = 'butt';
  context.fillStyle = palette.surface;
  context.textAlign = 'center';
  context.fillText(text, middle, plot.bottom + 14);
}

const ruleAt = (model: ChartModel, step: number): string =>
  model.segments.findLast((segment) => segment.step <= step)?.rule ?? '';

/** Names at the ends of the curves, pushed apart where they would overlap; left out where there is no room for all. */
function drawEndLabels(plot: Plot): void {
  const { context, model, palette } = plot;
  const color = palette.rule(model.segments.at(-1)?.rule ?? '');
  const gap = labelSize + 3;
  const labels = model.lines
    .filter(({ data }) => data.length > 0)
    .map((chartLine, order) => {
      const { samples } = chartLine.data;
      return { chartLine, order, y: plot.y(samples.y[samples.length - 1]) };
    })
    .filter(({ order }, _, all) => order % Math.ceil((all.length * gap) / (plot.bottom - plot.top)) === 0)
    // Curves that run together keep their order, or their names would swap places all the time.
    .toSorted((a, b) => (Math.abs(a.y - b.y) < labelSize / 2 ? a.order - b.order : a.y - b.y));
  const places = spread(
    labels.map((label) => label.y),
    gap,
    plot.top,
    plot.bottom - 5,
  );
  context.textAlign = 'left';
  for (const [i, { chartLine }] of labels.entries()) {
    const y = places[i];
    context.strokeStyle = toneOf(color, palette, chartLine.tone);
    context.lineWidth = chartLine.width;
    context.setLineDash([...chartLine.dash]);
    context.beginPath();
    context.moveTo(plot.right + 7, y);
    context.lineTo(plot.right + 7 + swatch, y);
    context.stroke();
    context.setLineDash([]);
    context.fillStyle = palette.inkSoft;
    context.fillText(chartLine.label, plot.right + 11 + swatch, y);
  }
}
