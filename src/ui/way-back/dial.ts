import type { Palette } from '../charts/palette.ts';
import type { Pen } from '../charts/pen.ts';

/** How a layer's way back lies to its weight; NaN where it is not known. */
export interface DialReading {
  /** In degrees. */
  readonly angle: number;
  /** Norm of the path over the norm of the weight. */
  readonly ratio: number;
  /** Where theory says that the angle ends up; null where it says nothing. */
  readonly limit: number | null;
}

/** Where a dial stands: the middle of its base, and its size. */
export interface DialPlace {
  readonly x: number;
  readonly y: number;
  readonly radius: number;
  /** Whether there is room for figures. */
  readonly named: boolean;
}

/** The weight's hand as a share of the radius: a path of half as much more than the weight's norm just fits. */
const unit = 0.66;
const shortest = 0.02;

/**
 * A dial: the weight's hand lies level, the path's is turned by the angle between the two and as long as their norm ratio.
 */
export function drawDial(pen: Pen, place: DialPlace, reading: DialReading, palette: Palette, color: string): void {
  const { x, y, radius, named } = place;
  const { angle, ratio, limit } = reading;
  const hand = (degrees: number, length: number, from = 0): void => {
    const turn = (-degrees * Math.PI) / 180;
    const [along, up] = [Math.cos(turn) * radius, Math.sin(turn) * radius];
    pen.beginPath();
    pen.moveTo(x + along * from, y + up * from);
    pen.lineTo(x + along * length, y + up * length);
    pen.stroke();
  };
  const arc = (size: number, degrees: number): void => {
    pen.beginPath();
    pen.arc(x, y, size * radius, (-degrees * Math.PI) / 180, 0);
    pen.stroke();
  };
  pen.lineCap = 'butt';
  pen.setLineDash([]);
  pen.lineWidth = 1;
  pen.strokeStyle = palette.lineStrong;
  arc(1, 180);
  for (const degrees of [0, 30, 60, 90, 120, 150, 180]) hand(degrees, 1, degrees % 90 === 0 ? 0.86 : 0.93);
  if (limit !== null) {
    pen.strokeStyle = palette.inkFaint;
    pen.setLineDash([2, 2]);
    hand(limit, 1);
    pen.setLineDash([]);
  }
  pen.strokeStyle = palette.ink;
  pen.lineWidth = Math.min(2, 0.1 * radius);
  hand(0, unit);
  if (!Number.isNaN(angle)) {
    pen.strokeStyle = color;
    pen.lineWidth = 1;
    arc(0.3, angle);
    pen.lineWidth = Math.min(3, 0.15 * radius);
    pen.lineCap = 'round';
    // Without a ratio there is still a direction.
    hand(angle, Number.isNaN(ratio) ? unit : Math.min(1, Math.max(shortest, ratio * unit)));
  }
  if (!named) return;
  pen.textAlign = 'center';
  pen.fillStyle = palette.ink;
  pen.font = `600 14px ${palette.font}`;
  pen.fillText(Number.isNaN(angle) ? '–' : `${angle.toFixed(1)}°`, x, y + 14);
  pen.fillStyle = palette.inkFaint;
  pen.font = `11px ${palette.font}`;
  if (!Number.isNaN(ratio)) pen.fillText(`× ${ratio.toFixed(2)}`, x, y + 30);
}
