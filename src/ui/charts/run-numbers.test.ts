import { expect, test } from 'vitest';
import { drawChart } from './draw.ts';
import { testCaption, testPalette } from './palette-testing.ts';
import { SvgPen } from './pen.ts';
import { resultsOf, runBefore } from './scene-testing.ts';
import { specs } from './specs.ts';

/** The places of a run's numbers in the loss chart of a run that is at this step. */
function numbersIn(step: number, number: number): { x: number; y: number }[] {
  const scene = resultsOf(Array.from({ length: step / 100 + 1 }, () => [1, 0.5]));
  const earlier = [runBefore(7, 900, 'pfa'), runBefore(8, 900, 'pfa')];
  const pen = new SvgPen((text) => 6 * text.length);
  drawChart(pen, 720, 440, specs.loss.model({ ...scene, earlier }), testPalette, null);
  const texts = pen.document(720, 440, testCaption).matchAll(/<text x="([\d.]+)" y="([\d.]+)"[^>]*>(\d)<\/text>/g);
  return [...texts]
    .filter(([, , , text]) => Number(text) === number)
    .map(([, x, y]) => ({ x: Number(x), y: Number(y) }));
}

test('a run has its number on its curve at intervals, in turns with the others', () => {
  const [seven, eight] = [numbersIn(900, 7), numbersIn(900, 8)];
  expect(seven.length).toBeGreaterThan(2);
  expect(new Set(seven.map(({ y }) => y)).size).toBe(1);
  for (const { x } of seven) for (const other of eight) expect(Math.abs(x - other.x)).toBeGreaterThan(15);
});

test('and at its end, where the axis goes on', () => {
  const last = (step: number): number => Math.max(...numbersIn(step, 7).map(({ x }) => x));
  const end = 720 - 44 - 16 - 14;
  expect(last(1800)).toBeGreaterThan(0.4 * end);
  expect(numbersIn(1800, 7).map(({ x }) => x)).toContain(Math.max(...numbersIn(1800, 8).map(({ x }) => x)));
});
