import { precisionRound } from 'd3';
import { grouped } from '../format.ts';
import { sampleAt } from './model.ts';
import { colorOf, crisp, dot, haloed, holds, isPart, overlap, type Interval, type Plot } from './plot.ts';

/** A mark is pointed at from so many pixels away. */
const reach = 6;

/** What the user changed, and when. Of labels that would cover each other the one pointed at counts, else the later one. */
export function drawMarks(plot: Plot, cursor: number | null): void {
  const { context, palette, x } = plot;
  const { marks } = plot.model;
  context.strokeStyle = palette.inkFaint;
  context.fillStyle = palette.inkFaint;
  context.lineWidth = 1;
  for (const mark of marks) {
    const at = crisp(x(mark.step));
    context.setLineDash([1, 3]);
    context.beginPath();
    context.moveTo(at, plot.top - 2);
    context.lineTo(at, plot.bottom);
    context.stroke();
    context.setLineDash([]);
    context.beginPath();
    context.moveTo(at - 3.5, plot.top - 10);
    context.lineTo(at + 3.5, plot.top - 10);
    context.lineTo(at, plot.top - 4);
    context.fill();
  }
  context.textAlign = 'left';
  const pointed = marks.findLast((mark) => cursor !== null && Math.abs(x(mark.step) - x(cursor)) <= reach);
  const newest = marks.at(-1);
  const taken: Interval[] = [];
  const symbols = marks.map(({ step }): Interval => [x(step) - 5, x(step) + 5]);
  for (const mark of new Set([...(pointed ? [pointed] : []), ...marks.toReversed()])) {
    const at = crisp(x(mark.step));
    const { width } = context.measureText(mark.label);
    const places: Interval[] = [
      [at + 6, at + 6 + width],
      // What was just changed is marked at the end of the axis, where there is room on the left alone.
      ...(mark === newest || mark === pointed ? [[at - 6 - width, at - 6] satisfies Interval] : []),
    ];
    // Only the label pointed at may lie over other marks.
    const others = mark === pointed ? [] : symbols;
    const place = places.find((each) => isFree(each, plot, taken) && isFree(each, plot, others));
    if (!place) continue;
    haloed(plot, mark.label, place[0], plot.top - 7, palette.inkSoft);
    taken.push(place);
  }
}

/** How far a label may stand out over the names of the curves. */
const overhang = 40;

const isFree = (place: Interval, plot: Plot, taken: readonly Interval[]): boolean =>
  place[0] > plot.left &&
  place[1] <= plot.right + (isPart(plot) ? 0 : overhang) &&
  !taken.some((other) => overlap(place, other));

/** What is being picked, from where it began to the cursor. */
export function drawPicked(plot: Plot, anchor: number, cursor: number): void {
  const { context, palette, left, right, top, bottom } = plot;
  const [from, to] = [anchor, cursor].map((step) => Math.min(right, Math.max(left, plot.x(step))));
  context.globalAlpha = 0.08;
  context.fillStyle = palette.ink;
  context.fillRect(from, top, to - from, bottom - top);
  context.globalAlpha = 1;
}

/** How thick the pill below the cursor is, and what is kept free on either side of it. */
const pill = 17;
const clearance = 4;

/** The cursor's place on the axis as text, and from where to where the text stands. */
function tagOf({ context, model, left, right, x }: Plot, step: number): { text: string; from: number; to: number } {
  const [value, ...ends] = [step, ...model.steps].map((each) => each / model.stepsPerUnit);
  const digits = Math.max(3, precisionRound((ends[1] - ends[0]) / 100, ends[1]));
  const text = model.stepsPerUnit > 1 ? String(Number(value.toPrecision(digits))) : grouped(step);
  const half = context.measureText(text).width / 2;
  const middle = Math.min(right - half, Math.max(left + half, crisp(x(step))));
  return { text, from: middle - half, to: middle + half };
}

/** The part of the axis that belongs to the cursor. */
export function cursorRoom(plot: Plot, step: number): Interval {
  const { from, to } = tagOf(plot, step);
  return [from - pill / 2 - clearance, to + pill / 2 + clearance];
}

/** The common cursor: a line, the samples beside it, and its place on the axis. */
export function drawCursor(plot: Plot, step: number): void {
  const { context, palette, model, x, y } = plot;
  const at = crisp(Math.min(plot.right, Math.max(plot.left, x(step))));
  context.strokeStyle = palette.inkSoft;
  context.lineWidth = 1;
  context.beginPath();
  context.moveTo(at, plot.top);
  context.lineTo(at, plot.bottom);
  context.stroke();
  for (const line of model.lines) {
    if (!line.drawn) continue;
    const { data, stretch } = line;
    const index = sampleAt(line, step);
    if (index < 0) continue;
    const { x: xs, y: ys } = data.samples;
    const place = [x(xs[index] * stretch), y(ys[index])] as const;
    if (!holds(plot, ...place)) continue;
    dot(plot, ...place, palette.surface, 4.5);
    dot(plot, ...place, colorOf(line, data.partOf(index), palette), 3);
  }
  const { text, from, to } = tagOf(plot, step);
  context.strokeStyle = palette.ink;
  context.lineWidth = pill;
  context.lineCap = 'round';
  context.beginPath();
  context.moveTo(from, plot.bottom + 13);
  context.lineTo(to, plot.bottom + 13);
  context.stroke();
  context.lineCap = 'butt';
  context.fillStyle = palette.surface;
  context.textAlign = 'center';
  context.fillText(text, (from + to) / 2, plot.bottom + 14);
}
