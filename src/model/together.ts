import type { Experiment, FieldKey } from './experiment.ts';
import { fieldKeys, fieldOf } from './fields.ts';

/** What is a number on the device, one for each network: the seed, and whatever can be tuned while it runs. */
const ofEachNetwork = (key: FieldKey): boolean =>
  key === 'seed' || key === 'replicas' || fieldOf(key).effect === 'live';

/** What an experiment's program is made from, as text: experiments that agree in it can train in lock-step. */
export const programOf = (experiment: Experiment): string =>
  JSON.stringify(fieldKeys.filter((key) => !ofEachNetwork(key)).map((key) => experiment[key]));

/** An experiment's networks, each as an experiment of its own. */
export const networksOf = (experiment: Experiment): Experiment[] =>
  Array.from({ length: experiment.replicas }, (_, r) => ({ ...experiment, seed: experiment.seed + r, replicas: 1 }));

/** Networks of all experiments together. */
export const countNetworks = (experiments: readonly Experiment[]): number =>
  experiments.reduce((sum, { replicas }) => sum + replicas, 0);

/** An experiment with the program of all these and with all their networks; in what may differ it is the first. */
export function joined(experiments: readonly Experiment[]): Experiment {
  if (new Set(experiments.map(programOf)).size !== 1) throw new Error('These experiments do not share a program.');
  return { ...experiments[0], replicas: countNetworks(experiments) };
}
