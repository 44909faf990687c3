import { sampleAt } from './model.ts';
import { crisp, dot, haloed, toneOf, type Plot } from './plot.ts';

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

type Interval = [from: number, to: number];

const isFree = ([from, to]: Interval, { left, right }: Plot, taken: readonly Interval[]): boolean =>
  from > left && to <= right + 40 && taken.every(([start, end]) => to <= start || from >= end);

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
    const { data, tone, stretch } = line;
    const index = sampleAt(line, step);
    if (index < 0) continue;
    const { x: xs, y: ys } = data.samples;
    const color = palette.rule(line.segments[data.partOf(index)]?.rule ?? '');
    const place = [x(xs[index] * stretch), y(ys[index])] as const;
    dot(plot, ...place, palette.surface, 4.5);
    dot(plot, ...place, toneOf(color, palette, tone), 3);
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
