import { expect, test } from 'vitest';
import { defaultExperiment, fieldKeys } from './fields.ts';
import { joined, networksOf, programOf } from './together.ts';

test('what the networks of one program may differ in', () => {
  const program = programOf(defaultExperiment);
  const free = fieldKeys.filter((key) => programOf({ ...defaultExperiment, [key]: 'another' }) === program);
  expect(free.toSorted()).toEqual(
    'decay earlyDecay earlyEpochs epochs momentum rate rateDrops rateFactor replicas seed sparsity'.split(' '),
  );
});

test('an experiment is its networks, and experiments together are all of theirs', () => {
  const pair = { ...defaultExperiment, seed: 7, replicas: 2 };
  expect(networksOf(pair).map(({ seed, replicas }) => [seed, replicas])).toEqual([
    [7, 1],
    [8, 1],
  ]);
  expect(joined([pair, { ...pair, rate: 1, replicas: 3 }])).toEqual({ ...pair, replicas: 5 });
  expect(() => joined([pair, { ...pair, batch: 1 }])).toThrow(/do not share a program/);
});
