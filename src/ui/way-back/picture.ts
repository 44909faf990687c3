import { printShape } from '../../model/shape.ts';
import type { Passage, Route } from '../../model/way-back.ts';
import type { Palette } from '../charts/palette.ts';
import type { Pen } from '../charts/pen.ts';
import { drawDial, type DialReading } from './dial.ts';

/** A weight layer, its way back, and how the two lie to each other. */
export interface PicturedLayer {
  readonly routes: readonly Route[];
  readonly reading: DialReading;
}

/** A network and its ways back, as data. */
export interface Picture {
  /** What the units before the first weight layer, and behind each, are called. */
  readonly units: readonly string[];
  readonly layers: readonly PicturedLayer[];
}

/** A picture laid out, in CSS pixels: places of the units' columns, and of what runs between them. */
interface Layout {
  readonly pen: Pen;
  readonly palette: Palette;
  readonly color: string;
  readonly columns: readonly number[];
  readonly top: number;
  readonly bottom: number;
  readonly forward: number;
  /** Where an error of the whole network runs along, below the columns. */
  readonly bus: number;
  /** Between a column and an arrow. */
  readonly space: number;
  /** Whether there is room between two columns for symbols and figures, and for words. */
  readonly named: boolean;
  readonly worded: boolean;
}

const [left, right] = [52, 40];
/** What symbols, and words, need between two columns. */
const roomy = { symbols: 44, words: 84 } as const;
/** Below a dial, for its figures. */
const figuresHeight = 38;
/** Dials smaller than this stand in several rows, to be larger. */
const smallDial = 16;

/** Nothing is sent to the images: their layer's way back only learns. */
const unused = 0.4;

/** What stands below a tensor's symbol. */
export const words: Readonly<Record<Passage['nature'], string>> = {
  forward: 'mirror',
  fixed: 'fixed',
  learns: 'learns',
  decays: 'decays',
  derived: 'derived',
  redrawn: 'redrawn',
};

/**
 * Draws a network from left to right: above the way forward, below it the rule's way back, and under each layer a dial of how
 * the one lies to the other. In `width` × `height` CSS pixels.
 */
export function drawPicture(
  pen: Pen,
  width: number,
  height: number,
  { units, layers }: Picture,
  palette: Palette,
  color: string,
): void {
  pen.clearRect(0, 0, width, height);
  pen.textBaseline = 'middle';
  const gap = (width - left - right) / layers.length;
  const named = gap >= roomy.symbols;
  const bussed = layers.some(({ routes }) => routes.some(({ from }) => from === 'network'));
  const widest = gap * 0.44;
  const rows = widest < smallDial ? 3 : 1;
  const radius = Math.max(4, Math.min(widest * rows, (height * 0.3) / rows, 90));
  const lowest = height - (named ? figuresHeight : 8);
  const rowHeight = radius + 6;
  const top = 20;
  const bottom = lowest - rows * rowHeight - (bussed ? 34 : 8);
  const layout: Layout = {
    pen,
    palette,
    color,
    columns: units.map((_, i) => left + i * gap),
    top,
    bottom,
    forward: top + (bottom - top) * 0.24,
    bus: bottom + 14,
    space: Math.min(8, gap * 0.12),
    named,
    worded: gap >= roomy.words,
  };
  drawColumns(layout, units, bussed ? layout.bus : rowOf(layout, only));
  for (const [i, { routes, reading }] of layers.entries()) {
    drawForward(layout, i);
    pen.globalAlpha = i === 0 ? unused : 1;
    for (const [lane, route] of routes.entries()) {
      if (route.from === 'network') drawFromOutput(layout, i, route);
      else drawRoute(layout, i, route, { lane, lanes: routes.length });
    }
    pen.globalAlpha = 1;
    const [x, y] = [left + (i + 0.5) * gap, lowest - (rows - 1 - (i % rows)) * rowHeight];
    drawDial(pen, { x, y, radius, named }, reading, palette, color);
  }
}

/** The units, and at the sides which way is which; the error comes back at the height `back`. */
function drawColumns(layout: Layout, units: readonly string[], back: number): void {
  const { pen, palette, color, columns, top, bottom, forward, space, worded } = layout;
  const last = units.length - 1;
  for (const [i, x] of columns.entries()) {
    pen.fillStyle = palette.inkFaint;
    pen.fillRect(x - 0.3 * space, top, 0.6 * space, bottom - top);
    // Where nothing else fits, the ends do.
    if (!worded && i > 0 && i < last) continue;
    pen.font = `600 11px ${palette.font}`;
    pen.textAlign = 'center';
    pen.fillStyle = palette.inkSoft;
    pen.fillText(units[i], x, 9);
  }
  pen.font = `11px ${palette.font}`;
  pen.fillStyle = color;
  pen.textAlign = 'left';
  pen.fillText('error', columns[last] + 6, back);
  pen.textAlign = 'right';
  pen.fillText('back', columns[0] - 6, back);
  pen.fillStyle = palette.ink;
  pen.fillText('forward', columns[0] - 6, forward);
}

/** One of several ways back through a layer. */
interface Lane {
  readonly lane: number;
  readonly lanes: number;
}

const only: Lane = { lane: 0, lanes: 1 };

/** The height of a way back, in the room between the way forward and the columns' lower ends. */
const rowOf = ({ forward, bottom }: Layout, { lane, lanes }: Lane): number =>
  forward + ((bottom - forward) * (lane + 0.5)) / lanes;

function drawForward({ pen, palette, columns, forward, space, named }: Layout, layer: number): void {
  pen.strokeStyle = palette.ink;
  pen.fillStyle = palette.ink;
  pen.setLineDash([]);
  pen.lineWidth = 1.5;
  const [from, to] = [columns[layer] + space, columns[layer + 1] - space];
  arrow(pen, from, forward, to, forward);
  if (!named) return;
  pen.font = `600 12px ${palette.font}`;
  pen.textAlign = 'center';
  pen.fillText('W', (from + to) / 2, forward - 10);
}

/** From the layer's output, through everything that it passes, to the layer's input. */
function drawRoute(layout: Layout, layer: number, { passages }: Route, { lane, lanes }: Lane): void {
  const { pen, columns, top, bottom, color, space } = layout;
  const y = rowOf(layout, { lane, lanes });
  const bar = (0.16 * (bottom - top)) / lanes;
  const [start, end] = [columns[layer + 1] - space, columns[layer] + space];
  const length = (end - start) / passages.length;
  for (const [i, passage] of passages.entries()) {
    const [from, to] = [start + i * length, start + (i + 1) * length];
    const last = i === passages.length - 1;
    pen.strokeStyle = color;
    pen.fillStyle = color;
    pen.lineWidth = 2;
    pen.setLineDash(passage.nature === 'fixed' ? [4, 3] : []);
    arrow(pen, from - (i > 0 ? space : 0), y, to + (last ? 0 : space), y);
    if (!last) {
      // The error that is neither the layer's nor the next one's.
      pen.fillRect(to - 0.2 * space, y - bar, 0.4 * space, 2 * bar);
      if (layout.worded) label(layout, to, y + bar + 8, printShape(passage.shape));
    }
    if (layout.named) name(layout, (from + to) / 2, y, passage);
  }
}

/** From the network's output, along below the columns, up to the layer's input. */
function drawFromOutput(layout: Layout, layer: number, { passages }: Route): void {
  const { pen, columns, bottom, bus, color } = layout;
  const [start, end] = [columns[columns.length - 1], columns[layer]];
  pen.strokeStyle = color;
  pen.fillStyle = color;
  pen.lineWidth = 2;
  pen.setLineDash(passages.every(({ nature }) => nature === 'fixed') ? [4, 3] : []);
  pen.beginPath();
  pen.moveTo(start, bottom + 2);
  pen.lineTo(start, bus);
  pen.lineTo(end, bus);
  pen.stroke();
  arrow(pen, end, bus, end, bottom + 2);
  const middle = (end + columns[layer + 1]) / 2;
  if (layout.worded)
    label(layout, middle, bus + 10, passages.map(({ symbol, nature }) => `${symbol} ${words[nature]}`).join(', '));
  else if (layout.named) label(layout, middle, bus + 10, passages.map(({ symbol }) => symbol).join(' '));
}

/** A tensor's symbol above the line, and what it is below. */
function name(layout: Layout, x: number, y: number, { symbol, nature }: Passage): void {
  const { pen, palette } = layout;
  pen.textAlign = 'center';
  pen.fillStyle = palette.ink;
  pen.font = `600 12px ${palette.font}`;
  pen.fillText(symbol, x, y - 10);
  if (layout.worded) label(layout, x, y + 10, words[nature]);
}

function label({ pen, palette }: Layout, x: number, y: number, text: string): void {
  pen.textAlign = 'center';
  pen.fillStyle = palette.inkSoft;
  pen.font = `10px ${palette.font}`;
  pen.fillText(text, x, y);
}

/** A straight arrow, in the pen's colours. */
function arrow(pen: Pen, x0: number, y0: number, x1: number, y1: number): void {
  const length = Math.hypot(x1 - x0, y1 - y0);
  const head = Math.min(7, 0.5 * length);
  const [along, up] = [((x1 - x0) / length) * head, ((y1 - y0) / length) * head];
  pen.lineCap = 'butt';
  pen.beginPath();
  pen.moveTo(x0, y0);
  pen.lineTo(x1 - along, y1 - up);
  pen.stroke();
  pen.beginPath();
  pen.moveTo(x1, y1);
  pen.lineTo(x1 - along - up * 0.5, y1 - up + along * 0.5);
  pen.lineTo(x1 - along + up * 0.5, y1 - up - along * 0.5);
  pen.fill();
}
