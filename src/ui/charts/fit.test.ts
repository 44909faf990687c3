import { describe, expect, test } from 'vitest';
import { layOut } from './axes.ts';
import { drawChart } from './draw.ts';
import { tableRows, type Scene } from './model.ts';
import { testCaption, testPalette } from './palette-testing.ts';
import { SvgPen } from './pen.ts';
import { resultsOf, runBefore } from './scene-testing.ts';
import { specs, type ChartSpec } from './specs.ts';
import type { Steps } from './steps.ts';

/** A loss that falls from 10 to 0.1 and an accuracy that rises from 0 to 0.99, in 10,000 steps. */
const run = resultsOf(Array.from({ length: 100 }, (_, i) => [10 / (i + 1), i / 100]));

const pen = (): SvgPen => new SvgPen((text) => 6 * text.length);

/** A chart of some of the run's steps as SVG. */
function draw(spec: ChartSpec, scene: Scene): string {
  const svg = pen();
  drawChart(svg, 720, 440, spec.model(scene), testPalette, null);
  return svg.document(720, 440, testCaption);
}

describe('a stretch of the run', () => {
  const from = (steps: Steps, logLoss = false): Scene => ({ ...run, steps, logLoss });

  test('has the axes of what is in it', () => {
    expect(specs.loss.model(from([5000, 9800])).y).toEqual({ domain: [0.1, 0.2], log: false });
    expect(specs.accuracy.model(from([5100, 5900])).y.domain).toEqual([0.5, 0.6]);
    const { domain } = specs.loss.model(from([4900, 9900], true)).y;
    expect(domain[0]).toBeCloseTo(0.1 / 1.1, 5);
    expect(domain[1]).toBeCloseTo(0.2 * 1.1, 5);
    // The angles keep theirs, and what nothing was measured in has that of a run before its first step.
    expect(specs.angle.model(from([4900, 9900])).y).toEqual(specs.angle.model(run).y);
    expect(specs.loss.model(from([20_000, 21_000])).y).toEqual(specs.loss.model(resultsOf([])).y);
  });

  test('has room for the bands: the spread of seeds, and the range of batches', () => {
    const none = new Float32Array(0);
    const seeds = resultsOf([], 2);
    const rows = Array.from({ length: 100 }, (_, i) => [100 * i, 1, 0.5, 3, 0.7]);
    seeds.history.append({ train: none, test: new Float32Array(rows.flat()), alignment: none });
    // 2 ± √2 and 0.6 ± 0.14.
    expect(specs.loss.model({ ...seeds, steps: [5030, 5960] }).y.domain).toEqual([0.5, 3.5]);
    expect(specs.accuracy.model({ ...seeds, steps: [5030, 5060] }).y.domain).toEqual([0.45, 0.75]);
    // On a logarithmic axis a deviation that nearly reaches 0 would leave no room for the rest.
    expect(specs.loss.model({ ...seeds, steps: [5030, 5960], logLoss: true }).y.domain[0]).toBeCloseTo(2 / 1.1, 5);
    const batches = resultsOf([]);
    const train = Array.from({ length: 100 }, (_, i) => [100 * i, 0.375, 0.25, 0.5, 0.9]);
    batches.history.append({ train: new Float32Array(train.flat()), test: none, alignment: none });
    expect(specs.loss.model({ ...batches, steps: [5030, 5060] }).y.domain).toEqual([0.25, 0.5]);
  });

  test('between two tests has the axis of the line that crosses it', () => {
    const [low, high] = specs.accuracy.model(from([5030, 5060])).y.domain;
    expect(low).toBeGreaterThan(0.498);
    expect(low).toBeLessThan(0.5031);
    expect(high).toBeGreaterThan(0.5059);
    expect(high).toBeLessThan(0.51);
  });

  test('has values on its axis that are told apart', () => {
    const texts = layOut(pen(), 720, 700, specs.accuracy.model(from([5030, 5060])), testPalette).ticks.map(
      ({ text }) => text,
    );
    expect(texts.length).toBeGreaterThan(5);
    expect(new Set(texts).size).toBe(texts.length);
  });

  test('has the changes that were made in it, and the curves of the runs that went so far', () => {
    const scene = resultsOf(Array.from({ length: 100 }, () => [1, 0.5]));
    scene.history.mark(2000, 'rate', 'learning rate 0.02', 0);
    scene.history.mark(6000, 'rate', 'learning rate 0.03', 9000);
    const compared = { ...scene, earlier: [runBefore(1, 900), runBefore(2, 7000)] };
    const svg = draw(specs.loss, { ...compared, steps: [5000, 8000] });
    expect(svg).toContain('>learning rate 0.03<');
    expect(svg).not.toContain('>learning rate 0.02<');
    expect(svg).toContain('>FA #2<');
    expect(svg).not.toContain('>FA #1<');
    expect(draw(specs.loss, compared)).toContain('>FA #1<');
  });

  test('has the lines of theory that lie on its axis', () => {
    const rows = Array.from({ length: 10 }, (_, i) => [100 * i, ...[1, 2, 3].flatMap(() => [30, 1.5 + i / 100, 0])]);
    const scene = resultsOf([]);
    scene.history.append({
      train: new Float32Array(0),
      test: new Float32Array(0),
      alignment: new Float32Array(rows.flat()),
    });
    expect(draw(specs.ratio, scene)).toContain('>limit 1.05<');
    expect(draw(specs.ratio, { ...scene, steps: [300, 900] })).not.toContain('limit');
  });

  test('is named where its curves leave it', () => {
    const heightOfName = (steps: Steps | null): number =>
      Number(/y="([\d.]+)"[^>]*>test</.exec(draw(specs.loss, { ...run, steps }))?.[1]);
    const model = specs.loss.model(from([0, 4900]));
    const { y } = layOut(pen(), 720, 440, model, testPalette);
    expect(heightOfName([0, 4900])).toBeCloseTo(y(0.2), 0);
  });

  test('is what the table tells', () => {
    const steps = tableRows(specs.loss.model(from([250, 730])), 1, 50).map((row) => row.step);
    expect(steps).toEqual([300, 400, 500, 600, 700]);
  });
});
