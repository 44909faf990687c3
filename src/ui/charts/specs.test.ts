import { describe, expect, test } from 'vitest';
import { knownDatasets } from '../../model/datasets.ts';
import { defaultExperiment, defaultsFor } from '../../model/fields.ts';
import { History } from './history.ts';
import { readings, tableSteps, type Scene } from './model.ts';
import { printLayers, specs } from './specs.ts';

const none = new Float32Array(0);
const names = ['layer 1', 'layer 2', 'layer 3'];

/** A run whose test results are these [loss, accuracy], a hundred steps apart. */
function sceneOf(results: readonly (readonly [number, number])[], replicas = 1): Scene {
  const history = new History();
  history.restart('pfa', names, replicas);
  const test = results.flatMap((result, i) => [100 * i, ...Array.from({ length: replicas }, () => result).flat()]);
  history.append({ train: none, test: new Float32Array(test), alignment: none });
  return {
    history,
    experiment: defaultExperiment,
    images: knownDatasets.mnist,
    stepsPerEpoch: 937,
    xUnit: 'step',
    logLoss: false,
  };
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

describe('reference lines', () => {
  test('PFA shows its limit at the chosen expansion, one line where all layers share it', () => {
    const labels = specs.angle.model(sceneOf([])).references.map(({ label }) => label);
    expect(labels).toEqual(['random 90°', 'limit 17.5°']);
  });

  test('sparse feedback splits the limit by layer', () => {
    const experiment = { ...defaultExperiment, sparsity: 0.9 };
    const labels = specs.angle.model({ ...sceneOf([]), experiment }).references.map(({ label }) => label);
    expect(labels[1]).toMatch(/^limit \d+\.\d°, layers 1–2$/);
    expect(labels[2]).toMatch(/^limit \d+\.\d°, layer 3$/);
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
  const steps = tableSteps(model, 5);
  expect(steps).toEqual([0, 2500, 5000, 7500, 10_000]);
  expect(tableSteps(specs.loss.model(sceneOf([])), 5)).toEqual([]);
});

test.each([
  [[2], 'layer 3'],
  [[0, 1, 2], 'layers 1–3'],
  [[0, 1, 4, 6, 7], 'layers 1–2, 5, 7–8'],
])('printLayers(%j) is %s', (layers, text) => expect(printLayers(layers)).toBe(text));
