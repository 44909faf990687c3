import { expect, test } from 'vitest';
import type { FieldKey } from '../model/experiment.ts';
import { defaultExperiment } from '../model/fields.ts';
import { parseNetwork } from '../model/network.ts';
import { recommended, resnet20 } from '../model/presets.ts';
import { change, experimentOf } from './experiment.ts';
import { planSweep } from './sweep.ts';

const notation = resnet20(16);
const layers = parseNetwork(notation);

test('rule and network bring what is recommended for them, in whatever order they are set', () => {
  const changes: readonly [FieldKey, string][] = [
    ['rule', 'dfa'],
    ['layers', notation],
  ];
  const expected = recommended('dfa', layers);
  expect(change(defaultExperiment, new Map(changes))).toEqual(expected);
  expect(change(defaultExperiment, new Map(changes.toReversed()))).toEqual(expected);
  expect(experimentOf({ rule: 'dfa', layers: notation }, 'it')).toEqual(expected);
  expect(change(defaultExperiment, new Map([...changes, ['rate', '0.01']]))).toEqual({ ...expected, rate: 0.01 });
});

test('so do the rules of a sweep, and what its base says otherwise stays', () => {
  const planned = planSweep(
    { base: { layers: notation, momentum: 0.5 }, vary: { rule: ['pfa', 'bp'] } },
    'it',
    new Map(),
  );
  expect(planned.map(({ experiment }) => experiment)).toEqual(
    ['pfa', 'bp'].map((rule) => ({ ...recommended(rule, layers), momentum: 0.5 })),
  );
});
