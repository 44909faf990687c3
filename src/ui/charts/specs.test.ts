import { describe, expect, test } from 'vitest';
import { defaultExperiment, defaultsFor } from '../../model/fields.ts';
import { layOut } from './axes.ts';
import { drawChart } from './draw.ts';
import { readings, tableRows } from './model.ts';
import { testCaption, testPalette } from './palette-testing.ts';
import { SvgPen } from './pen.ts';
import { earlierOf, resultsOf, sceneOf } from './scene-testing.ts';
import { printLayers, specs } from './specs.ts';

const none = new Float32Array(0);

describe('the accuracy axis', () => {
  test.each([
    [[0.1], 0],
    [[0.1, 0.3, 0.4, 0.45], 0],
    [[0.1, 0.5, 0.88, 0.91], 0.8],
    [[0.1, 0.9, 0.97, 0.98], 0.95],
  ])('with test results %j begins at %d', (accuracies, floor) => {
    const model = specs.accuracy.model(resultsOf(accuracies.map((accuracy) => [1, accuracy])));
    expect(model.y.domain).toEqual([floor, 1]);
  });
});

test('the accuracy axis shows what an earlier rule of the run, and an earlier run, came to', () => {
  const risen = resultsOf([0.1, 0.85, 0.88, 0.97, 0.98].map((accuracy) => [1, accuracy]));
  expect(specs.accuracy.model(risen).y.domain[0]).toBe(0.95);
  const earlier = [earlierOf(risen.history, 1)];
  const scene = resultsOf([0.1, 0.85, 0.88].map((accuracy) => [1, accuracy]));
  scene.history.changeRule(250, 'bp', 'BP');
  scene.history.append({ train: none, test: new Float32Array([300, 1, 0.97, 400, 1, 0.98]), alignment: none });
  expect(specs.accuracy.model(scene).y.domain[0]).toBe(0.8);

  const later = resultsOf([0.1, 0.97, 0.98, 0.98].map((accuracy) => [1, accuracy]));
  expect(specs.accuracy.model(later).y.domain[0]).toBe(0.95);
  const low = resultsOf([0.1, 0.6, 0.62].map((accuracy) => [1, accuracy]));
  const worse = [...earlier, earlierOf(low.history, 2)];
  expect(specs.accuracy.model({ ...later, earlier: worse }).y.domain[0]).toBe(0.5);
});

test('a loss that blows up or nearly vanishes is read in few digits', () => {
  const { read } = specs.loss.model(resultsOf([[1, 0.5]]));
  expect([0, 3.21e-8, 0.00000312345, 0.0004567].map(read)).toEqual(['0.000', '3.21e-8', '0.00000312', '0.000457']);
  expect([0.00149, 1.23456, 9999, 19_164_584, 3.5e18, 4.5e35].map(read)).toEqual([
    '0.001',
    '1.235',
    '9999.000',
    '19.2M',
    '3.5e+18',
    '4.5e+35',
  ]);
});

describe('the loss axis', () => {
  test('contains every value, from 0', () => {
    const { domain } = specs.loss.model(
      resultsOf([
        [2.31, 0.1],
        [0.2, 0.9],
      ]),
    ).y;
    expect(domain[0]).toBe(0);
    expect(domain[1]).toBeGreaterThanOrEqual(2.31);
  });

  test('is logarithmic only once there is something above 0', () => {
    expect(specs.loss.model({ ...resultsOf([]), logLoss: true }).y.log).toBe(false);
    const { y } = specs.loss.model({
      ...resultsOf([
        [2, 0.1],
        [0.02, 0.9],
      ]),
      logLoss: true,
    });
    expect(y.log).toBe(true);
    expect(y.domain[0]).toBeGreaterThan(0);
    expect(y.domain[0]).toBeLessThan(0.02);
  });
});

test('a loss of 0 lies at the bottom of a logarithmic axis', () => {
  const { history } = resultsOf([
    [2, 0.1],
    [3e-6, 1],
    [0, 1],
  ]);
  const model = specs.loss.model({ ...sceneOf(history), logLoss: true });
  expect(model.y).toMatchObject({ log: true, domain: [expect.closeTo(3e-6 / 1.1, 12), expect.closeTo(2.2, 6)] });
  const pen = new SvgPen((text) => 6 * text.length);
  const { y, bottom } = layOut(pen, 720, 440, model, testPalette);
  expect([y(0), y(-1)]).toEqual([bottom, bottom]);
  drawChart(pen, 720, 440, model, testPalette, null);
  const svg = pen.document(720, 440, testCaption);
  expect(svg).not.toMatch(/NaN|Infinity/);
  // Of nothing but zeros there is no logarithm at all.
  const zeros = specs.loss.model({ ...resultsOf([[0, 1]]), logLoss: true });
  expect(zeros.y).toEqual({ log: false, domain: [0, 0.1] });
});

describe('reference lines', () => {
  test('PFA shows its limit at the chosen expansion, one line where all layers share it', () => {
    const labels = specs.angle.model(resultsOf([])).references.map(({ label }) => label);
    expect(labels).toEqual(['random 90°', 'limit 17.5°']);
  });

  test('sparse feedback splits the limit by layer', () => {
    const labelsAt = (sparsity: number): string[] => {
      const experiment = { ...defaultExperiment, sparsity };
      return specs.angle.model({ ...resultsOf([]), experiment }).references.map(({ label }) => label);
    };
    const [, hidden, output] = labelsAt(0.5);
    expect(hidden).toMatch(/^limit \d+\.\d°, layers 1–2$/);
    expect(output).toMatch(/^limit \d+\.\d°, layer 3$/);
    // Of ten outputs with a tenth of their connections theory tells nothing.
    expect(labelsAt(0.9)).toHaveLength(2);
  });

  test('a limit is drawn from the change on that it follows from', () => {
    const scene = resultsOf([[1, 0.5]]);
    scene.history.mark(700, 'sparsity', 'feedback sparsity 0.9', 0);
    scene.history.mark(900, 'rate', 'learning rate 0.02', 9000);
    expect(specs.angle.model(scene).references.map(({ since }) => since)).toEqual([0, 700]);
  });

  test('FA has none but chance', () => {
    const experiment = defaultsFor('fa');
    expect(specs.angle.model({ ...resultsOf([]), experiment }).references).toHaveLength(1);
  });
});

test('the x axis counts epochs when asked to', () => {
  const scene = resultsOf([
    [1, 0.5],
    [1, 0.5],
  ]);
  expect(specs.loss.model(scene).stepsPerUnit).toBe(1);
  expect(specs.loss.model({ ...scene, xUnit: 'epoch' }).stepsPerUnit).toBe(937);
});

test('readings are those next to the cursor, with a deviation only where there are several seeds', () => {
  const one = specs.loss.model(
    resultsOf([
      [2, 0.1],
      [1, 0.5],
      [0.5, 0.75],
    ]),
  );
  expect(readings(one, 1, 120)).toMatchObject([{ label: 'test', step: 100, value: 1, deviation: null }]);
  expect(readings(one, 1, null)).toMatchObject([{ step: 200, value: 0.5 }]);
  const two = specs.loss.model(resultsOf([[2, 0.1]], 2));
  expect(readings(two, 2, null)).toMatchObject([{ value: 2, deviation: 0 }]);
});

test('the table spreads its rows over the whole run', () => {
  const model = specs.loss.model(resultsOf(Array.from({ length: 101 }, () => [1, 0.5])));
  expect(tableRows(model, 1, 5).map(({ step }) => step)).toEqual([0, 2500, 5000, 7500, 10_000]);
  expect(tableRows(specs.loss.model(resultsOf([])), 1, 5)).toEqual([]);
});

test('a cell of the table has what was measured at its step, and nothing else', () => {
  const scene = resultsOf([
    [2, 0.1],
    [1, 0.5],
  ]);
  const batches = [10, 20, 90, 110, 120].flatMap((step) => [step, 1, 1, 1, 0.5]);
  scene.history.append({ train: new Float32Array(batches), test: none, alignment: none });
  const model = specs.loss.model(scene);
  const rows = tableRows(model, 1, 50).map(({ step, cells }) => [step, ...cells.map((cell) => cell?.step)]);
  expect(model.lines.map(({ label }) => label)).toEqual(['train', 'test']);
  expect(rows).toEqual([
    [0, undefined, 0],
    [10, 10, undefined],
    [20, 20, undefined],
    [90, 90, undefined],
    [100, undefined, 100],
    [110, 110, undefined],
    [120, 120, undefined],
  ]);
  const few = tableRows(model, 1, 5).map(({ step }) => step);
  expect(few).toEqual([0, 10, 90, 100, 120]);
});

test.each([
  [[2], 'layer 3'],
  [[0, 1, 2], 'layers 1–3'],
  [[0, 1, 4, 6, 7], 'layers 1–2, 5, 7–8'],
])('printLayers(%j) is %s', (layers, text) => expect(printLayers(layers)).toBe(text));
