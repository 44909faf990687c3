import { precisionRound, scaleLinear, scaleLog, tickStep, type ScaleContinuousNumeric } from 'd3';
import { compact, grouped } from '../format.ts';
import type { ChartModel, Reference } from './model.ts';
import type { Palette } from './palette.ts';
import type { Pen } from './pen.ts';
import { haloed, labelSize, overlap, rule, swatch, type Interval, type Plot } from './plot.ts';

/** Room for a label like "layer 1", also while there is none: the plot must not jump. */
const labelRoom = 38;

/** Lays a chart out on a canvas of `width` × `height` CSS pixels. */
export function layOut(context: Pen, width: number, height: number, model: ChartModel, palette: Palette): Plot {
  const top = 14;
  const bottom = height - 24;
  const values = (model.y.log ? scaleLog() : scaleLinear()).domain(model.y.domain).range([bottom, top]);
  const ticks = named(model, ticksOf(model, values, bottom - top));
  // What a logarithm has no place for lies at the bottom.
  const least = model.y.log ? model.y.domain[0] : -Infinity;
  const widest = (texts: readonly string[]): number =>
    texts.reduce((most, text) => Math.max(most, context.measureText(text).width), 0);
  const left = Math.ceil(widest(ticks.map(({ text }) => text))) + 12;
  const names = model.lines.map((line) => line.name ?? '');
  const right = width - Math.max(labelRoom, Math.ceil(widest(names))) - swatch - 14;
  const x = scaleLinear().domain(model.steps).range([left, right]);
  const y = (value: number): number => values(Math.max(least, value));
  return { context, palette, model, left, right, top, bottom, x, y, ticks };
}

/** About one tick every 44 px; on a logarithmic axis 1, 2 and 5 of each decade. */
function ticksOf(model: ChartModel, y: ScaleContinuousNumeric<number, number>, height: number): readonly number[] {
  if (model.y.ticks) return model.y.ticks;
  const ticks = y.ticks(Math.max(2, Math.round(height / 44)));
  if (!model.y.log) return ticks;
  const preferred = ticks.filter((tick) =>
    [1, 2, 5].includes(Math.round(tick / 10 ** Math.floor(Math.log10(tick) + 1e-9))),
  );
  return preferred.length > 1 ? preferred : ticks;
}

/** In so many digits that each is told from the one before. */
const named = ({ tick }: ChartModel, values: readonly number[]): Plot['ticks'] =>
  values.map((value, i) => {
    const apart = Math.abs(value - (values[i - 1] ?? values[i + 1] ?? 0));
    // Of 0 there are none to count.
    return { value, text: tick(value, value > 0 ? Math.max(3, precisionRound(apart, value + apart)) : 3) };
  });

/** Lines across and labels of both axes; below, none that would stand where something else is to. */
export function drawGrid(plot: Plot, taken: Interval | null): void {
  const { context, model, palette, y } = plot;
  context.textAlign = 'right';
  for (const { value, text } of plot.ticks) {
    rule(plot, y(value), palette.grid);
    context.fillStyle = palette.inkFaint;
    context.fillText(text, plot.left - 7, y(value));
  }
  rule(plot, plot.bottom, palette.lineStrong);
  context.textAlign = 'center';
  const [from, to] = model.steps.map((step) => step / model.stepsPerUnit);
  const units = scaleLinear().domain([from, to]).range([plot.left, plot.right]);
  const count = Math.max(2, Math.floor((plot.right - plot.left) / 90));
  // In a run that was opened late steps are large and lie near each other.
  const digits = Math.max(3, precisionRound(tickStep(from, to, count), to));
  for (const tick of units.ticks(count)) {
    context.fillStyle = palette.lineStrong;
    context.fillRect(Math.round(units(tick)), plot.bottom, 1, 4);
    const text = printTick(tick, digits);
    const half = context.measureText(text).width / 2;
    if (taken !== null && overlap(taken, [units(tick) - half, units(tick) + half])) continue;
    context.fillStyle = palette.inkFaint;
    context.fillText(text, units(tick), plot.bottom + 13);
  }
}

/** A step, in so many digits where it is large, or an epoch. */
function printTick(value: number, digits: number): string {
  if (value >= 10_000) return compact(value, digits);
  return Number.isInteger(value) ? grouped(value) : String(value);
}

/** Those that have come to hold, at a value that is on the axis. */
const referencesOn = ({ references, steps, y }: ChartModel): readonly Reference[] =>
  references.filter((each) => each.since <= steps[1] && each.y >= y.domain[0] && each.y <= y.domain[1]);

/** The lines that theory draws. */
export function drawReferences(plot: Plot): void {
  for (const { y, since } of referencesOn(plot.model))
    rule(plot, plot.y(y), plot.palette.lineStrong, [4, 4], Math.max(plot.left, plot.x(since)));
}

/** And what they are called, over the curves. */
export function nameReferences(plot: Plot): void {
  const { context, right, palette } = plot;
  let last = { y: -Infinity, end: plot.left };
  for (const { y: value, label, side, since } of referencesOn(plot.model)) {
    const y = plot.y(value);
    context.textAlign = side;
    if (side === 'right') {
      haloed(plot, label, right - 2, y - 8, palette.inkFaint);
      continue;
    }
    const { width } = context.measureText(label);
    const left = Math.max(plot.left, plot.x(since)) + 4;
    // A line that has just begun has its label on the left.
    const most = Math.max(plot.left + 4, right - width - 2);
    // Lines that lie close together have their labels one after the other, or where there is no room on both sides of them.
    const close = Math.abs(y - last.y) < labelSize + 3;
    const start = close ? Math.max(last.end + 14, left) : left;
    const beside = start <= most || !close;
    const height = beside ? y - 8 : y > last.y ? y + 9 : Math.min(y, last.y) - 8 - labelSize - 3;
    const at = beside ? Math.min(start, most) : Math.min(left, most);
    haloed(plot, label, at, height, palette.inkFaint);
    last = { y, end: at + width };
  }
}
