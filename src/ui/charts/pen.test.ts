import { expect, test } from 'vitest';
import { drawChart } from './draw.ts';
import { History } from './history.ts';
import { testCaption, testPalette } from './palette-testing.ts';
import { SvgPen } from './pen.ts';
import { sceneOf } from './scene-testing.ts';
import { specs } from './specs.ts';

const none = new Float32Array(0);

/** The angle chart of a short run as SVG. */
function angles(): string {
  const history = new History();
  history.restart('pfa', ['layer 1', 'layer 2'], 1);
  history.append({
    train: none,
    test: none,
    alignment: new Float32Array([0, 88, 1, 60, 91, 1, 70, 100, 40, 1, 30, 50, 1, 20]),
  });
  history.mark(50, 'note', 'a <script> & "quotes"', 0);
  const model = specs.angle.model(sceneOf(history));
  const pen = new SvgPen((text) => 6 * text.length);
  drawChart(pen, 720, 440, model, testPalette, null);
  return pen.document(720, 440, {
    ...testCaption,
    title: 'Angle',
    axis: 'step',
  });
}

test('a chart as SVG has its axes, its curves, its references and its legend', () => {
  const svg = angles();
  for (const text of ['120°', '0°', '>0<', '>100<', 'layer 1', 'layer 2', 'random 90°', 'limit', '>step<'])
    expect(svg).toContain(text);
  const curve = /<path d="M[\d.]+,[\d.]+L[\d.]+,[\d.]+(L[\d.]+,[\d.]+)*" fill="none" stroke="rgb\(10, 20, 30\)"/;
  expect(svg).toMatch(curve);
});

test('it is well-formed, whatever the texts: every group is closed and nothing is left as mark-up', () => {
  const svg = angles();
  expect(svg).not.toContain('<script>');
  expect(svg).toContain('a &#60;script&#62; &#38; &#34;quotes&#34;');
  expect(svg.match(/<g[ >]/g)?.length).toBe(svg.match(/<\/g>/g)?.length);
  expect(svg).not.toMatch(/NaN|undefined|Infinity/);
});

test('every text has the size and the weight that it was written in, and the family stands once', () => {
  const pen = new SvgPen((text) => 6 * text.length);
  pen.font = `600 14px ${testPalette.font}`;
  pen.fillText('strong', 0, 0);
  pen.font = `10px ${testPalette.font}`;
  pen.fillText('small', 0, 0);
  const svg = pen.document(100, 100, testCaption);
  expect(svg).toMatch(/<text [^>]*font-size="14" font-weight="600"[^>]*>strong</);
  expect(svg).toMatch(/<text [^>]*font-size="10" fill[^>]*>small</);
  expect(svg.match(/font-family="[^"]*"/g)).toEqual(['font-family="&#34;A &#38; B&#34;, sans-serif"']);
});

test('a legend below the drawing says what each run is, and without one there is no room for it', () => {
  const pen = new SvgPen((text) => 6 * text.length);
  const legend = [{ color: 'rgb(1, 2, 3)', width: 2, text: '#2 FA, learning rate < 0.05' }];
  const svg = pen.document(100, 100, { ...testCaption, legend });
  expect(svg).toMatch(/stroke="rgb\(1, 2, 3\)" stroke-width="2"/);
  expect(svg).toContain('>#2 FA, learning rate &#60; 0.05<');
  const heightOf = (text: string): number => Number(/height="(\d+)"/.exec(text)?.[1]);
  expect(heightOf(svg)).toBeGreaterThan(heightOf(pen.document(100, 100, testCaption)));
});
