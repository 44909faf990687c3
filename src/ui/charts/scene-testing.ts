import { knownDatasets } from '../../model/datasets.ts';
import { defaultExperiment } from '../../model/fields.ts';
import type { History } from './history.ts';
import type { Scene } from './model.ts';

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
});
