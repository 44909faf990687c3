import { describe, expect, test } from 'vitest';
import { defaultExperiment, defaultsFor } from '../../model/fields.ts';
import type { Experiment } from '../../model/experiment.ts';
import { describeEarlier, nameOf, tellEarlier, withEarlier, type EarlierRun } from './earlier.ts';
import { layOut } from './axes.ts';
import { drawChart } from './draw.ts';
import { History } from './history.ts';
import { isElsewhere, readings, tableRows, type Scene } from './model.ts';
import { testCaption, testPalette } from './palette-testing.ts';
import { SvgPen } from './pen.ts';
import { sceneOf as sceneFrom } from './scene-testing.ts';
import { printLayers, specs } from './specs.ts';

const none = new Float32Array(0);
const names = ['layer 1', 'layer 2', 'layer 3'];

/** A run whose test results are these [loss, accuracy], a hundred steps apart. */
function sceneOf(results: readonly (readonly [number, number])[], replicas = 1): Scene {
  const history = new History();
  history.restart('pfa', names, replicas);
  const test = results.flatMap((result, i) => [100 * i, ...Array.from({ length: replicas }, () => result).flat()]);
  history.append({ train: none, test: new Float32Array(test), alignment: none });
  return sceneFrom(history);
}

describe('the accuracy axis', () => {
  test.each([
    [[0.1], 0],
    [[0.1, 0.3, 0.4, 0.45], 0],
    [[0.1, 0.5, 0.88, 0.91], 0.8],
    [[0.1, 0.9, 0.97, 0.98], 0.95],
  ])('with test results %j begins at %d', (accuracies, floor) => {
    const model = specs.accuracy.model(sceneOf(accuracies.map((accuracy) => [1, accuracy])));
    expect(model.y.domain).toEqual([floor, 1]);
  });
});

test('the accuracy axis shows what an earlier rule of the run, and an earlier run, came to', () => {
  const risen = sceneOf([0.1, 0.85, 0.88, 0.97, 0.98].map((accuracy) => [1, accuracy]));
  expect(specs.accuracy.model(risen).y.domain[0]).toBe(0.95);
  const earlier = [{ ...risen.history.asEarlier(defaultsFor('fa'), 937), number: 1 }];
  const scene = sceneOf([0.1, 0.85, 0.88].map((accuracy) => [1, accuracy]));
  scene.history.changeRule(250, 'bp', 'BP');
  scene.history.append({ train: none, test: new Float32Array([300, 1, 0.97, 400, 1, 0.98]), alignment: none });
  expect(specs.accuracy.model(scene).y.domain[0]).toBe(0.8);

  const later = sceneOf([0.1, 0.97, 0.98, 0.98].map((accuracy) => [1, accuracy]));
  expect(specs.accuracy.model(later).y.domain[0]).toBe(0.95);
  const low = sceneOf([0.1, 0.6, 0.62].map((accuracy) => [1, accuracy]));
  const worse = [...earlier, { ...low.history.asEarlier(defaultsFor('fa'), 937), number: 2 }];
  expect(specs.accuracy.model({ ...later, earlier: worse }).y.domain[0]).toBe(0.5);
});

describe('earlier runs', () => {
  const before = (number: number, step: number, rule = 'fa', change: Partial<Experiment> = {}): EarlierRun => {
    const { history } = sceneOf(Array.from({ length: step / 100 + 1 }, () => [2, 0.5]));
    return { ...history.asEarlier({ ...defaultsFor(rule), ...change }, 937), segments: [{ step: 0, rule }], number };
  };

  test('lie behind the present one, named and coloured by their own rules, on an axis that holds them all', () => {
    const scene = { ...sceneOf([[1, 0.5]]), earlier: [before(1, 400), before(2, 900, 'bp')] };
    const model = specs.loss.model(scene);
    expect(model.lines.map(({ label }) => label)).toEqual(['FA #1', 'BP #2', 'train', 'test']);
    expect(model.lines.map(({ segments }) => segments[0].rule)).toEqual(['fa', 'bp', 'pfa', 'pfa']);
    expect(model.lines.map(({ earlier }) => earlier)).toEqual([true, true, false, false]);
    expect(model.steps).toEqual([0, 900]);
    // Their last values are of other steps than the present one's, and say so.
    const newest = readings(model, 1, null);
    expect(newest.map((reading) => isElsewhere(reading, newest, model, null))).toEqual([true, true, false]);
    expect(readings(model, 1, 220).map(({ label, step }) => [label, step])).toEqual([
      ['FA #1', 200],
      ['BP #2', 200],
      ['test', 0],
    ]);
  });

  test('that went wild leave the loss axis to the present one', () => {
    const wild = before(1, 400);
    wild.lines.get('testLoss')?.[0].append(500, 1e9);
    const scene = sceneOf([[2.3, 0.1]]);
    expect(specs.loss.model({ ...scene, earlier: [wild] }).y.domain[1]).toBe(specs.loss.model(scene).y.domain[1]);
  });

  test('are at most four, the longest of those that must be equal, and none that barely began', () => {
    let runs: readonly EarlierRun[] = [];
    for (let seed = 1; seed <= 6; seed++) runs = withEarlier(runs, before(seed, 400, 'fa', { seed }));
    expect(runs.map(({ number }) => number)).toEqual([3, 4, 5, 6]);
    expect(withEarlier(runs, before(7, 300, 'fa', { seed: 4, epochs: 3 }))).toBe(runs);
    expect(withEarlier(runs, before(7, 900, 'fa', { seed: 4 })).map(({ number }) => number)).toEqual([3, 5, 6, 7]);
    expect(withEarlier(runs, before(7, 0, 'bp'))).toBe(runs);
    // What was changed on the way, or where a file began, bends curves.
    const tuned = {
      ...before(7, 900, 'fa', { seed: 4 }),
      marks: [{ step: 50, key: 'rate', label: '', time: 0, before: '0.2' }],
    };
    expect(withEarlier(runs, tuned).map(({ number }) => number)).toEqual([4, 5, 6, 7]);
    const opened = { ...before(7, 900, 'fa', { seed: 4 }), firstStep: 500 };
    expect(withEarlier(runs, opened).map(({ number }) => number)).toEqual([4, 5, 6, 7]);
  });

  test('are laid over the present one epoch by epoch where the axis counts epochs', () => {
    const scene = { ...sceneOf([[1, 0.5]]), earlier: [{ ...before(1, 400), stepsPerEpoch: 468.5 }] };
    expect(specs.loss.model(scene).steps).toEqual([0, 400]);
    const model = specs.loss.model({ ...scene, xUnit: 'epoch' });
    expect(model.steps).toEqual([0, 800]);
    expect(readings(model, 1, 410).find(({ line }) => line.earlier)?.step).toBe(200);
  });

  test('leave the cursor, the table and the figures behind their end to the present one', () => {
    const scene = sceneOf(Array.from({ length: 20 }, (_, i) => [1, i / 20]));
    const model = specs.loss.model({ ...scene, earlier: [before(1, 400)] });
    expect(readings(model, 1, 1500).map(({ label }) => label)).toEqual(['test']);
    const long = specs.loss.model({ ...sceneOf([[1, 0.5]]), earlier: [before(1, 400)] });
    expect(tableRows(long.lines, 1, 5).map(({ step }) => step)).toEqual([0]);
  });

  test('stand out when they are pointed at', () => {
    const scene = { ...sceneOf([[1, 0.5]]), earlier: [before(1, 400), before(2, 400)] };
    const widths = (pointed: number | null) => specs.loss.model({ ...scene, pointed }).lines.map(({ width }) => width);
    expect(widths(2)[0]).toBe(widths(null)[0]);
    expect(widths(2)[1]).toBeGreaterThan(widths(null)[1]);
  });

  test('have a short name, however many rules taught them', () => {
    const run = before(4, 400);
    const segments = ['fa', 'pfa', 'bp'].map((rule, i) => ({ step: 100 * i, rule }));
    expect([nameOf(run), nameOf({ ...run, segments })]).toEqual(['FA #4', '… BP #4']);
    expect(describeEarlier({ ...run, segments }, run.experiment)).toBe('FA → PFA → BP');
  });

  test('are told from the present one by what differs', () => {
    const present = defaultsFor('bp');
    expect(describeEarlier(before(1, 400, 'fa'), present)).toBe('FA');
    const other = before(1, 400, 'fa', { seed: 3, rate: 0.5, batch: 8 });
    expect(describeEarlier(other, present)).toBe('FA, learning rate 0.5, seed 3, …');
    const tuned = { ...other, marks: [{ step: 50, key: 'rate', label: 'learning rate 0.5', time: 0, before: '0.1' }] };
    expect(tellEarlier(tuned, present)).toBe(
      'FA, learning rate 0.1 → 0.5, seed 3, batch 8; learning rate 0.5 from step 50',
    );
    // Not by what goes with their rules.
    expect(describeEarlier(before(1, 400, 'bp'), defaultsFor('pfa'))).toBe('BP');
    expect(describeEarlier(before(1, 400, 'bp', { earlyDecay: 0.01 }), defaultsFor('pfa'))).toBe(
      'BP, early weight decay 0.01',
    );
    // Nor by what came with a rule that took over.
    const taken = before(1, 400, 'fa', { rate: present.rate });
    const segments = [...taken.segments, { step: 200, rule: 'bp' }];
    const decay = { step: 200, key: 'earlyDecay', label: 'early weight decay 0.0001', time: 0, before: '0.03' };
    expect(describeEarlier({ ...taken, segments, marks: [decay] }, present)).toBe('FA → BP');
    // Also where it ended as the present one is set.
    const ended = { ...before(1, 400, 'bp'), marks: [{ ...tuned.marks[0], before: '0.1' }] };
    expect(describeEarlier(ended, present)).toBe('BP, learning rate 0.1 → 0.01');
  });
});

test('a loss that blows up or nearly vanishes is read in few digits', () => {
  const { read } = specs.loss.model(sceneOf([[1, 0.5]]));
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
      sceneOf([
        [2.31, 0.1],
        [0.2, 0.9],
      ]),
    ).y;
    expect(domain[0]).toBe(0);
    expect(domain[1]).toBeGreaterThanOrEqual(2.31);
  });

  test('is logarithmic only once there is something above 0', () => {
    expect(specs.loss.model({ ...sceneOf([]), logLoss: true }).y.log).toBe(false);
    const { y } = specs.loss.model({
      ...sceneOf([
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
  const { history } = sceneOf([
    [2, 0.1],
    [3e-6, 1],
    [0, 1],
  ]);
  const model = specs.loss.model({ ...sceneFrom(history), logLoss: true });
  expect(model.y).toMatchObject({ log: true, domain: [expect.closeTo(3e-6 / 1.1, 12), expect.closeTo(2.2, 6)] });
  const pen = new SvgPen((text) => 6 * text.length);
  const { y, bottom } = layOut(pen, 720, 440, model, testPalette);
  expect([y(0), y(-1)]).toEqual([bottom, bottom]);
  drawChart(pen, 720, 440, model, testPalette, null);
  const svg = pen.document(720, 440, testCaption);
  expect(svg).not.toMatch(/NaN|Infinity/);
  // Of nothing but zeros there is no logarithm at all.
  const zeros = specs.loss.model({ ...sceneOf([[0, 1]]), logLoss: true });
  expect(zeros.y).toEqual({ log: false, domain: [0, 0.1] });
});

describe('reference lines', () => {
  test('PFA shows its limit at the chosen expansion, one line where all layers share it', () => {
    const labels = specs.angle.model(sceneOf([])).references.map(({ label }) => label);
    expect(labels).toEqual(['random 90°', 'limit 17.5°']);
  });

  test('sparse feedback splits the limit by layer', () => {
    const labelsAt = (sparsity: number): string[] => {
      const experiment = { ...defaultExperiment, sparsity };
      return specs.angle.model({ ...sceneOf([]), experiment }).references.map(({ label }) => label);
    };
    const [, hidden, output] = labelsAt(0.5);
    expect(hidden).toMatch(/^limit \d+\.\d°, layers 1–2$/);
    expect(output).toMatch(/^limit \d+\.\d°, layer 3$/);
    // Of ten outputs with a tenth of their connections theory tells nothing.
    expect(labelsAt(0.9)).toHaveLength(2);
  });

  test('a limit is drawn from the change on that it follows from', () => {
    const scene = sceneOf([[1, 0.5]]);
    scene.history.mark(700, 'sparsity', 'feedback sparsity 0.9', 0);
    scene.history.mark(900, 'rate', 'learning rate 0.02', 9000);
    expect(specs.angle.model(scene).references.map(({ since }) => since)).toEqual([0, 700]);
  });

  test('FA has none but chance', () => {
    const experiment = defaultsFor('fa');
    expect(specs.angle.model({ ...sceneOf([]), experiment }).references).toHaveLength(1);
  });
});

test('the x axis counts epochs when asked to', () => {
  const scene = sceneOf([
    [1, 0.5],
    [1, 0.5],
  ]);
  expect(specs.loss.model(scene).stepsPerUnit).toBe(1);
  expect(specs.loss.model({ ...scene, xUnit: 'epoch' }).stepsPerUnit).toBe(937);
});

test('readings are those next to the cursor, with a deviation only where there are several seeds', () => {
  const one = specs.loss.model(
    sceneOf([
      [2, 0.1],
      [1, 0.5],
      [0.5, 0.75],
    ]),
  );
  expect(readings(one, 1, 120)).toMatchObject([{ label: 'test', step: 100, value: 1, deviation: null }]);
  expect(readings(one, 1, null)).toMatchObject([{ step: 200, value: 0.5 }]);
  const two = specs.loss.model(sceneOf([[2, 0.1]], 2));
  expect(readings(two, 2, null)).toMatchObject([{ value: 2, deviation: 0 }]);
});

test('the table spreads its rows over the whole run', () => {
  const model = specs.loss.model(sceneOf(Array.from({ length: 101 }, () => [1, 0.5])));
  expect(tableRows(model.lines, 1, 5).map(({ step }) => step)).toEqual([0, 2500, 5000, 7500, 10_000]);
  expect(tableRows(specs.loss.model(sceneOf([])).lines, 1, 5)).toEqual([]);
});

test('a cell of the table has what was measured at its step, and nothing else', () => {
  const scene = sceneOf([
    [2, 0.1],
    [1, 0.5],
  ]);
  const batches = [10, 20, 90, 110, 120].flatMap((step) => [step, 1, 1, 1, 0.5]);
  scene.history.append({ train: new Float32Array(batches), test: none, alignment: none });
  const { lines } = specs.loss.model(scene);
  const rows = tableRows(lines, 1, 50).map(({ step, cells }) => [step, ...cells.map((cell) => cell?.step)]);
  expect(lines.map(({ label }) => label)).toEqual(['train', 'test']);
  expect(rows).toEqual([
    [0, undefined, 0],
    [10, 10, undefined],
    [20, 20, undefined],
    [90, 90, undefined],
    [100, undefined, 100],
    [110, 110, undefined],
    [120, 120, undefined],
  ]);
  const few = tableRows(lines, 1, 5).map(({ step }) => step);
  expect(few).toEqual([0, 10, 90, 100, 120]);
});

test.each([
  [[2], 'layer 3'],
  [[0, 1, 2], 'layers 1–3'],
  [[0, 1, 4, 6, 7], 'layers 1–2, 5, 7–8'],
])('printLayers(%j) is %s', (layers, text) => expect(printLayers(layers)).toBe(text));
