import { cursorRoom, drawCursor, drawMarks, drawPicked } from './annotations.ts';
import { drawGrid, drawReferences, layOut, nameReferences } from './axes.ts';
import { drawCurves, drawNames } from './curves.ts';
import type { ChartModel } from './model.ts';
import type { Palette } from './palette.ts';
import type { Pen } from './pen.ts';
import { labelSize } from './plot.ts';
import { drawNumbers } from './run-numbers.ts';

/** Where things are on a drawn chart, in CSS pixels, for the pointer. */
export interface Geometry {
  readonly left: number;
  readonly right: number;
}

/** Draws a chart on a canvas of `width` × `height` CSS pixels (the context is scaled already). */
export function drawChart(
  context: Pen,
  width: number,
  height: number,
  model: ChartModel,
  palette: Palette,
  cursor: number | null,
  anchor: number | null = null,
): Geometry {
  context.clearRect(0, 0, width, height);
  context.font = `${labelSize}px ${palette.font}`;
  context.textBaseline = 'middle';
  const plot = layOut(context, width, height, model, palette);
  drawGrid(plot, cursor === null ? null : cursorRoom(plot, cursor));
  if (anchor !== null && cursor !== null) drawPicked(plot, anchor, cursor);
  drawReferences(plot);
  drawCurves(plot);
  drawNumbers(plot);
  nameReferences(plot);
  drawMarks(plot, cursor);
  if (cursor !== null) drawCursor(plot, cursor);
  drawNames(plot);
  return { left: plot.left, right: plot.right };
}
