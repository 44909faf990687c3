import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseExperiment, parseFragment, printFragment } from './codec.ts';
import type { Experiment } from './experiment.ts';
import { defaultsFor, fields } from './fields.ts';
import { parseNetwork, printNetwork } from './network.ts';
import { networkPresets, recommended, takingOver, withPreset, withRule, type NetworkPreset } from './presets.ts';
import { rules } from './rules/index.ts';

type Case = [rule: string, network: string, settings: Partial<Experiment>];

const ruleIds = rules.map(({ id }) => id);
const named = (id: string): NetworkPreset => {
  const found = networkPresets.find((preset) => preset.id === id);
  if (!found) throw new Error(`There is no preset ${id}.`);
  return found;
};

describe('what is recommended', () => {
  test.each<Case>([
    // The table of algorithms.md section 3.
    ['bp', 'mlp', { rate: 0.01, rateDrops: [20, 30], rateFactor: 0.5, earlyDecay: 1e-4, epochs: 40, batch: 64 }],
    ['pfa', 'mlp', { rate: 0.01, earlyDecay: 0.03, decay: 1e-4 }],
    ['bp', 'resnet-20', { rate: 0.1, rateDrops: [100, 150, 200], rateFactor: 0.1, earlyDecay: 1e-4, batch: 128 }],
    ['dfa', 'resnet-20', { rate: 1e-3, earlyDecay: 1e-4, epochs: 200 }],
    ...['pfa', 'pfao', 'pfaf', 'kp'].map((rule): Case => [rule, 'resnet-20', { rate: 0.1, earlyDecay: 0.005 }]),
    ['pfa', 'resnet-18', { rate: 0.1, rateDrops: [20, 40, 60], earlyDecay: 0.0005, epochs: 75 }],
    ['dfa', 'resnet-18', { rate: 0.1, earlyDecay: 1e-4 }],
    // WM's defaults of section 5: for MLPs, and for networks with convolutions.
    ['wm', 'mlp', { mirrorRate: 0.01, mirrorBatch: 64, noise: 1, mirrorSteps: 300 }],
    ...['cnn-small', 'cnn', 'lenet-5', 'resnet-20', 'resnet-18'].map((network): Case => [
      'wm',
      network,
      { mirrorRate: 0.2, convMirrorRate: 0.5, mirrorBatch: 128, mirrorSteps: 300 },
    ]),
    // Rates at which the loss of these does not run away.
    ...['cnn-small', 'cnn'].flatMap((network): Case[] => [
      ['pfa', network, { rate: 0.02 }],
      ['fa', network, { rate: 0.01 }],
      ['pal', network, { rate: 0.01, mirrorRate: 0.003, noise: 0.1 }],
    ]),
    ['dfa', 'cnn-small', { rate: 0.002 }],
    ['dfa', 'cnn', { rate: 0.001 }],
    ['wm', 'cnn', { rate: 0.01, mirrorRate: 0.2, mirrorBatch: 128 }],
    ['fa', 'lenet-5', { rate: 0.001 }],
    ['dfa', 'lenet-5', { rate: 0.0001 }],
    ['pal', 'lenet-5', { rate: 0.0003 }],
  ])('%s on %s', (rule, network, settings) => {
    expect(recommended(rule, named(network).layers)).toMatchObject(settings);
  });

  test('on a network without a name is what the rule wants on any', () => {
    const layers = parseNetwork('7-9');
    for (const rule of ruleIds) expect(recommended(rule, layers)).toEqual({ ...defaultsFor(rule), layers });
  });

  test.each(['c3k3-7', 'bn-a(7-b(c3k3nl-bnl)-7l)'])(
    'on %s, which has convolutions, is what rules want beside these',
    (text) => {
      const layers = parseNetwork(text);
      const mirror = { mirrorRate: 0.2, mirrorBatch: 128 };
      expect(recommended('wm', layers)).toEqual({ ...defaultsFor('wm'), ...mirror, layers });
      for (const [rule, rate] of Object.entries({ fa: 0.001, dfa: 0.001, pal: 0.0003 }))
        expect(recommended(rule, layers)).toEqual({ ...defaultsFor(rule), rate, layers });
      expect(recommended('pfa', layers)).toEqual({ ...defaultsFor('pfa'), layers });
    },
  );
});

test('rule and network may be chosen in either order, from wherever one stands', () => {
  for (const { layers } of networkPresets)
    for (const before of ruleIds) {
      const start = recommended(before, layers);
      for (const preset of networkPresets)
        for (const rule of ruleIds) {
          const expected = recommended(rule, preset.layers);
          expect(withRule(withPreset(start, preset), rule)).toEqual(expected);
          expect(withPreset(withRule(start, rule), preset)).toEqual(expected);
        }
    }
});

test('what was chosen otherwise stays, in either order', () => {
  // Numbers that nothing recommends.
  const between = (min: number, max: number) => fc.double({ min, max, noNaN: true });
  const chosen = fc.record(
    { rate: between(0.3, 1), earlyDecay: between(0.3, 1), mirrorRate: between(0.3, 1), seed: fc.integer({ min: 2 }) },
    { requiredKeys: [] },
  );
  const any = { rule: fc.constantFrom(...ruleIds), preset: fc.constantFrom(...networkPresets) };
  fc.assert(
    fc.property(chosen, any.rule, any.preset, any.rule, any.preset, (own, before, from, rule, to) => {
      const start = { ...recommended(before, from.layers), ...own };
      const expected = { ...recommended(rule, to.layers), ...own };
      expect(withRule(withPreset(start, to), rule)).toEqual(expected);
      expect(withPreset(withRule(start, rule), to)).toEqual(expected);
    }),
  );
});

test('a link or a file that says only rule and network stands at what is recommended for them', () => {
  for (const rule of ruleIds)
    for (const { layers } of networkPresets) {
      const experiment = recommended(rule, layers);
      const net = printNetwork(layers);
      expect(parseExperiment({ rule, layers: net })).toEqual({ experiment, notices: [] });
      expect(printFragment(experiment)).toBe(
        net === printNetwork(fields.layers.initial) ? `rule=${rule}` : `rule=${rule}&net=${encodeURIComponent(net)}`,
      );
      expect(parseFragment(printFragment(experiment))).toEqual({ experiment, notices: [] });
    }
});

test.each<[rule: string, before: string, epochs: number, until: number]>([
  ['pfa', 'bp', 1.42, 2.5],
  ['kp', 'fa', 3, 4],
  // Its feedback begins anew.
  ['pfao', 'pfa', 2, 3],
  // Its early phase is not over yet.
  ['pfa', 'bp', 0.4, 1],
  // It has none.
  ['fa', 'bp', 2, 1],
  // It goes on with what PFA has learned.
  ['pfaf', 'pfa', 2, 1],
  ['pfa', 'bp', 99.5, 100],
])(
  '%s, taking over from %s after %d epochs, has its early weight decay until epoch %d',
  (rule, before, epochs, until) => {
    expect(takingOver(defaultsFor(rule), before, epochs)).toEqual({ ...defaultsFor(rule), earlyEpochs: until });
  },
);
