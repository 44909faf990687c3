import { expect, test } from 'vitest';
import { defaultExperiment } from '../model/fields.ts';
import { runBefore } from './charts/scene-testing.ts';
import { leavingLoses } from './leaving.ts';
import { createLabStore, idle } from './store.ts';

const fresh = createLabStore(defaultExperiment).getState();
const trained = (step: number) => ({
  ...fresh,
  loaded: defaultExperiment,
  status: { ...idle, step, stepsPerEpoch: 937 },
});

test('more than an epoch that is not saved would be lost', () => {
  expect(leavingLoses(fresh)).toBe(false);
  expect(leavingLoses(trained(937))).toBe(false);
  expect(leavingLoses(trained(938))).toBe(true);
  expect(leavingLoses({ ...trained(938), savedStep: 1 })).toBe(false);
});

test('so would be runs that are kept to compare with, hidden or not, once they are more than an epoch together', () => {
  const earlier = [runBefore(1, 500), { ...runBefore(2, 500), shown: false }];
  expect(leavingLoses({ ...fresh, earlier: earlier.slice(1) })).toBe(false);
  expect(leavingLoses({ ...fresh, earlier })).toBe(true);
  // What was opened from a file is there still.
  expect(leavingLoses({ ...fresh, earlier: earlier.map((run) => ({ ...run, file: 'numbers.json' })) })).toBe(false);
});
