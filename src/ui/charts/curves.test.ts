import { expect, test } from 'vitest';
import { drawChart } from './draw.ts';
import { History } from './history.ts';
import { testCaption, testPalette } from './palette-testing.ts';
import { SvgPen } from './pen.ts';
import { sceneOf } from './scene-testing.ts';
import { specs } from './specs.ts';

const none = new Float32Array(0);

/** Looks at one layer, a step apart. */
const looks = (from: number, angles: readonly number[]): Float32Array =>
  new Float32Array(angles.flatMap((angle, i) => [from + i, angle, 1, 0]));

test('a rule that taught for a moment of a long run has its curve, and the rule behind it begins where it did', () => {
  const history = new History();
  history.restart('pfa', ['layer 1'], 1);
  const parts = [
    ['pfa', Array.from({ length: 4001 }, () => 60)],
    ['bp', [0, 0, 0]],
    ['fa', Array.from({ length: 1996 }, () => 30)],
  ] as const;
  for (const [rule, angles] of parts) {
    history.changeRule(history.lastStep, rule, rule);
    history.append({ train: none, test: none, alignment: looks(history.rows.alignment.length, angles) });
  }
  const model = specs.angle.model(sceneOf(history));
  const pen = new SvgPen((text) => 6 * text.length);
  const palette = { ...testPalette, rule: (id: string) => ({ pfa: 'red', bp: 'lime', fa: 'blue' })[id] ?? '' };
  const { left, right } = drawChart(pen, 720, 440, model, palette, null);
  const svg = pen.document(720, 440, testCaption);
  const curveOf = (color: string): number[][] => {
    const path = new RegExp(`<path d="M([^"]*)" fill="none" stroke="${color}"`).exec(svg)?.[1] ?? '';
    return path.split('L').map((point) => point.split(',').map(Number));
  };
  const x = (step: number): number => left + (step / 5999) * (right - left);
  const heights = [60, 0, 30].map((angle) => 416 - ((416 - 14) * angle) / 120);
  for (const [i, color] of ['rgb(255, 0, 0)', 'rgb(0, 255, 0)', 'rgb(0, 0, 255)'].entries()) {
    const points = curveOf(color.replaceAll(/[()]/g, '\\$&'));
    const [from, to] = [
      [0, 4000],
      [4001, 4003],
      [4004, 5999],
    ][i];
    expect(points[0][0]).toBeCloseTo(x(from), 1);
    expect(points.at(-1)?.[0]).toBeCloseTo(x(to), 1);
    for (const [, y] of points) expect(y).toBeCloseTo(heights[i], 1);
  }
});
