import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { datasetShape } from '../model/datasets.ts';
import { defaultsFor } from '../model/fields.ts';
import { describeNetwork, printNetwork, withOutput } from '../model/network.ts';
import { networkPresets, recommended } from '../model/presets.ts';
import { planSweep } from './sweep.ts';

const sweeps = new URL('../../sweeps/', import.meta.url);

test('every combination, the last field fastest, each rule with its own recommendations', () => {
  const planned = planSweep(
    { base: { seed: 7 }, vary: { rule: ['bp', 'kp'], rateDrops: [[], [1, 2]] } },
    'it',
    new Map(),
  );
  expect(planned.map(({ name }) => name)).toEqual([
    'rule=bp,rateDrops=',
    'rule=bp,rateDrops=1-2',
    'rule=kp,rateDrops=',
    'rule=kp,rateDrops=1-2',
  ]);
  expect(planned[3]?.experiment).toEqual({ ...defaultsFor('kp'), seed: 7, rateDrops: [1, 2] });
});

test.each(readdirSync(sweeps))('the paper’s experiment %s is a sweep whose networks fit their images', (name) => {
  const planned = planSweep(JSON.parse(readFileSync(new URL(name, sweeps), 'utf8')), name, new Map());
  expect(planned.length).toBeGreaterThan(1);
  for (const { experiment } of planned) {
    const { classes, shape } = datasetShape(experiment.dataset, null);
    expect(() => describeNetwork(withOutput(experiment.layers, classes), shape)).not.toThrow();
    const { rule, layers, epochs } = experiment;
    if (experiment.dataset === 'cifar-10') expect(epochs).toBe(recommended(rule, layers).epochs);
  }
});

test('flags change what the sweep does not vary', () => {
  const [only] = planSweep({ vary: { seed: [5] } }, 'it', new Map([['batch', '32']]));
  expect(only?.experiment).toMatchObject({ seed: 5, batch: 32 });
});

test('a name that no folder can have is cut to beginnings and a hash, always the same', () => {
  const layers = networkPresets.map((preset) => printNetwork(preset.layers)).filter((text) => text.length > 200);
  const planned = planSweep({ vary: { layers, rule: ['bp', 'fa'] } }, 'it', new Map());
  const names = planned.map(({ name }) => name);
  expect(new Set(names).size).toBe(2 * layers.length);
  for (const name of names) expect(name.length).toBeLessThanOrEqual(255);
  expect(names.at(-1)).toBe('layers=c64k7s2nl-bn-max3s2p1-b(,rule=fa~f18ee38f38');
  expect(planned.at(-1)?.experiment.rule).toBe('fa');
});

test.each<[string, unknown, RegExp]>([
  ['no object', [], /it is no sweep. A sweep is/],
  ['nothing varied', { base: {} }, /varies nothing/],
  ['an unknown key', { vary: {}, very: {} }, /unknown “very”/],
  ['an unknown field', { vary: { size: [1] } }, /no field “size”/],
  ['no list', { vary: { seed: 3 } }, /“seed” is no list/],
  ['a value twice', { vary: { seed: [3, '3'] } }, /“seed” has a value twice/],
  ['a value out of range', { vary: { rate: [0.1, 11] } }, /Learning rate takes numbers/],
  ['a bad base', { base: { rule: 'none' }, vary: { seed: [1] } }, /base of it is no valid experiment[^]*“none”/],
])('%s is refused before anything runs', (_, data, message) => {
  expect(() => planSweep(data, 'it', new Map())).toThrow(message);
});
