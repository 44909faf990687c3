import { expect, test } from 'vitest';
import { drawChart } from './draw.ts';
import { History } from './history.ts';
import { testCaption, testPalette } from './palette-testing.ts';
import { SvgPen } from './pen.ts';
import { sceneOf } from './scene-testing.ts';
import { specs } from './specs.ts';

const none = new Float32Array(0);

/** What stands below the plot of a run between two steps. */
function stepsBelow(from: number, to: number): string[] {
  const history = new History();
  history.restart('bp', ['layer 1'], 1);
  history.append({ train: none, test: new Float32Array([from, 2, 0.1, to, 1, 0.5]), alignment: none });
  const pen = new SvgPen((text) => 6 * text.length);
  drawChart(pen, 720, 440, specs.loss.model(sceneOf(history)), testPalette, null);
  const svg = pen.document(720, 440, testCaption);
  return [...svg.matchAll(/<text x="[\d.]+" y="429.0"[^>]*>([^<]*)</g)].map(([, text]) => text);
}

test.each([
  [0, 30, ['0', '5', '10', '15', '20', '25', '30']],
  [0, 30_000, ['0', '5\u202f000', '10k', '15k', '20k', '25k', '30k']],
  [112_440, 112_740, ['112.45k', '112.5k', '112.55k', '112.6k', '112.65k', '112.7k']],
  [9_998_000, 10_000_100, ['9.998M', '9.9985M', '9.999M', '9.9995M', '10M']],
])('steps %d to %d are told apart', (from, to, texts) => expect(stepsBelow(from, to)).toEqual(texts));

test.each([0, 150, 290])('what theory draws from step %d on is named without one name over the other', (since) => {
  const history = new History();
  history.restart('pfa', ['layer 1'], 1);
  history.append({ train: none, test: none, alignment: new Float32Array([0, 90, 1, 0, 300, 20, 1, 0]) });
  const [one, other] = ['limit 35.8°, layers 1–2', 'limit 38.4°, layer 3'];
  for (const heights of [
    [35.8, 38.4],
    [38.4, 35.8],
  ]) {
    const references = [one, other].map((label, i) => ({ y: heights[i], label, side: 'left', since }) as const);
    const pen = new SvgPen((text) => 6 * text.length);
    drawChart(pen, 440, 300, { ...specs.angle.model(sceneOf(history)), references }, testPalette, null);
    const svg = pen.document(440, 300, testCaption);
    const places = [one, other].map((label) => {
      const found = new RegExp(`<text x="([\\d.]+)" y="([\\d.]+)"[^>]*>${label}<`).exec(svg);
      return { x: Number(found?.[1]), y: Number(found?.[2]), width: 6 * label.length };
    });
    const [p, q] = places;
    const apart = Math.abs(p.y - q.y) >= 12 || p.x + p.width <= q.x || q.x + q.width <= p.x;
    expect(apart, JSON.stringify(places)).toBe(true);
    for (const { x, width } of places) expect(x + width).toBeLessThanOrEqual(440);
  }
});
