import { knownDatasets } from '../../model/datasets.ts';
import type { Experiment } from '../../model/experiment.ts';
import { defaultExperiment, defaultsFor } from '../../model/fields.ts';
import type { EarlierRun } from './earlier.ts';
import { History } from './history.ts';
import type { Scene } from './model.ts';

const none = new Float32Array(0);

/** What a chart is made from, of a run alone. */
export const sceneOf = (history: History): Scene => ({
  history,
  earlier: [],
  pointed: null,
  experiment: defaultExperiment,
  images: knownDatasets.mnist,
  stepsPerEpoch: 937,
  xUnit: 'step',
  logLoss: false,
  steps: null,
});

/** The scene of a run whose test results are these [loss, accuracy], a hundred steps apart. */
export function resultsOf(results: readonly (readonly [number, number])[], replicas = 1): Scene {
  const history = new History();
  history.restart('pfa', ['layer 1', 'layer 2', 'layer 3'], replicas);
  const test = results.flatMap((result, i) => [100 * i, ...Array.from({ length: replicas }, () => result).flat()]);
  history.append({ train: none, test: new Float32Array(test), alignment: none });
  return sceneOf(history);
}

/** A run as it is kept. */
export const earlierOf = (
  history: History,
  number: number,
  experiment: Experiment = defaultsFor('fa'),
): EarlierRun => ({
  ...history.asEarlier(experiment, 937),
  number,
  time: number,
  shown: true,
  shade: 0,
  file: null,
});

/** A run of a rule that was kept at this step. */
export function runBefore(number: number, step: number, rule = 'fa', change: Partial<Experiment> = {}): EarlierRun {
  const { history } = resultsOf(Array.from({ length: step / 100 + 1 }, () => [2, 0.5]));
  return { ...earlierOf(history, number, { ...defaultsFor(rule), ...change }), segments: [{ step: 0, rule }] };
}
