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
  expect(leavingLoses(fresh, true)).toBe(false);
  expect(leavingLoses(trained(937), true)).toBe(false);
  expect(leavingLoses(trained(938), true)).toBe(true);
  expect(leavingLoses({ ...trained(938), savedStep: 1 }, true)).toBe(false);
});

test('so would be runs to compare with that the browser does not keep, hidden or not, once they are more than an epoch together', () => {
  const earlier = [runBefore(1, 500), { ...runBefore(2, 500), shown: false }];
  expect(leavingLoses({ ...fresh, earlier: earlier.slice(1) }, false)).toBe(false);
  expect(leavingLoses({ ...fresh, earlier }, false)).toBe(true);
  expect(leavingLoses({ ...fresh, earlier }, true)).toBe(false);
  // What was opened from a file is there still.
  const opened = earlier.map((run) => ({ ...run, file: 'numbers.json' }));
  expect(leavingLoses({ ...fresh, earlier: opened }, false)).toBe(false);
});
