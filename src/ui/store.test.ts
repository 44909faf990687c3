import { expect, test } from 'vitest';
import { defaultExperiment } from '../model/fields.ts';
import { parseNetwork } from '../model/network.ts';
import { withRule } from '../model/presets.ts';
import { rules } from '../model/rules/index.ts';
import { canGoOn, createLabStore, hasBegun, idle, isTraining, queued } from './store.ts';

const layers = parseNetwork('64');

test('only changes that ask for a restart are queued, by value and not by identity', () => {
  const copy = { ...defaultExperiment, layers: defaultExperiment.layers.map((layer) => ({ ...layer })) };
  expect(queued(copy, defaultExperiment)).toEqual([]);
  expect(queued({ ...copy, rate: 0.5, sparsity: 0.2 }, defaultExperiment)).toEqual([]);
  expect(queued({ ...copy, layers, seed: 9 }, defaultExperiment)).toEqual(['layers', 'seed']);
  expect(queued({ ...copy, seed: 9 }, null)).toEqual([]);
});

test('another rule can take over the weights, another network or seed cannot', () => {
  for (const { id } of rules)
    expect(canGoOn(queued(withRule(defaultExperiment, id), defaultExperiment)), id).toBe(true);
  expect(canGoOn(queued({ ...withRule(defaultExperiment, 'fa'), layers }, defaultExperiment))).toBe(false);
});

test('a new store has begun nothing and trains nothing', () => {
  const state = createLabStore(defaultExperiment).getState();
  expect(hasBegun(state)).toBe(false);
  expect(isTraining(state)).toBe(false);
  expect(hasBegun({ loaded: defaultExperiment, status: { ...idle, step: 3 } })).toBe(true);
});
