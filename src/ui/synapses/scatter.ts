import { scaleLinear } from 'd3';
import type { Palette } from '../charts/palette.ts';
import type { Pen } from '../charts/pen.ts';

/** Weights of the same pairs of units, one list for each direction. */
interface Pairs {
  readonly forward: Float32Array;
  readonly feedback: Float32Array;
}

const margin = { left: 46, right: 12, top: 20, bottom: 24 } as const;

const widest = (numbers: Float32Array): number => numbers.reduce((most, number) => Math.max(most, Math.abs(number)), 0);

/** Draws feedback against forward weights on a canvas of `width` × `height` CSS pixels; null draws the axes alone. */
export function drawScatter(
  context: Pen,
  width: number,
  height: number,
  pairs: Pairs | null,
  palette: Palette,
  color: string,
): void {
  context.clearRect(0, 0, width, height);
  context.font = `11px ${palette.font}`;
  context.textBaseline = 'middle';
  const axis = (numbers: Float32Array | undefined, from: number, to: number) => {
    const end = (numbers && widest(numbers)) || 0.1;
    return scaleLinear().domain([-end, end]).nice().range([from, to]);
  };
  const [left, right, top, bottom] = [margin.left, width - margin.right, margin.top, height - margin.bottom];
  const x = axis(pairs?.forward, left, right);
  const y = axis(pairs?.feedback, bottom, top);

  const line = (x0: number, y0: number, x1: number, y1: number, ink: string): void => {
    context.strokeStyle = ink;
    context.lineWidth = 1;
    context.beginPath();
    context.moveTo(Math.round(x0) + 0.5, Math.round(y0) + 0.5);
    context.lineTo(Math.round(x1) + 0.5, Math.round(y1) + 0.5);
    context.stroke();
  };
  context.fillStyle = palette.inkFaint;
  context.textAlign = 'right';
  for (const tick of y.ticks(5)) {
    line(left, y(tick), right, y(tick), tick === 0 ? palette.lineStrong : palette.grid);
    context.fillText(y.tickFormat(5)(tick), left - 7, y(tick));
  }
  context.textAlign = 'center';
  for (const tick of x.ticks(5)) {
    line(x(tick), top, x(tick), bottom, tick === 0 ? palette.lineStrong : palette.grid);
    context.fillText(x.tickFormat(5)(tick), x(tick), bottom + 13);
  }
  context.textAlign = 'left';
  context.fillText('↑ feedback weight', 4, 8);
  context.textAlign = 'right';
  context.fillText('forward weight →', right, 8);

  if (!pairs) return;
  context.fillStyle = color;
  context.globalAlpha = 0.35;
  for (let i = 0; i < pairs.forward.length; i++)
    context.fillRect(x(pairs.forward[i]) - 1, y(pairs.feedback[i]) - 1, 2, 2);
  context.globalAlpha = 1;
}
