import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseExperiment, parseField, parseFragment, printExperiment, printField, printFragment } from './codec.ts';
import type { Experiment, FieldKey } from './experiment.ts';
import { defaultExperiment, defaultsFor, fieldKeys, fieldOf, fields } from './fields.ts';
import { parseNetwork } from './network.ts';
import { withRule } from './presets.ts';
import { rules } from './rules/index.ts';

/** Any value that a field allows. */
function valueOf(key: FieldKey): fc.Arbitrary<Experiment[FieldKey]> {
  const field = fieldOf(key);
  if (field.kind === 'choice') return fc.constantFrom(...field.options.map((option) => option.value));
  if (field.kind === 'network') return fc.constantFrom('', '512-512', '3', '100-10l').map(parseNetwork);
  if (field.kind === 'list') return fc.array(fc.integer({ min: field.min, max: field.max }), { maxLength: 4 });
  const { min, max } = field;
  return field.kind === 'integer' ? fc.integer({ min, max }) : fc.double({ min, max, noNaN: true });
}
const experiments = fc.record(
  Object.fromEntries(fieldKeys.map((key) => [key, valueOf(key)])),
) as unknown as fc.Arbitrary<Experiment>;

test('any experiment survives its link and its file', () => {
  fc.assert(
    fc.property(experiments, (experiment) => {
      const link = parseFragment(`#${printFragment(experiment)}`);
      expect(link).toEqual({ experiment: JSON.parse(JSON.stringify(experiment)) as Experiment, notices: [] });
      const file = parseExperiment(JSON.parse(JSON.stringify(printExperiment(experiment))));
      expect(file).toEqual(link);
    }),
  );
});

test('a link says only what differs from the rule’s recommendation', () => {
  expect(printFragment(defaultsFor('bp'))).toBe('rule=bp');
  expect(printFragment({ ...defaultsFor('pfa'), seed: 7 })).toBe('rule=pfa&seed=7');
});

test('any text is a valid experiment', () => {
  const hostile = fc.constantFrom(
    'constructor=1',
    '__proto__=x',
    'rule=toString',
    'n=1e9',
    'net=1-2-x',
    'lr=',
    'lr=%',
    'b=2.5',
  );
  const texts = fc.oneof(
    fc.string(),
    fc.array(hostile).map((parts) => parts.join('&')),
  );
  fc.assert(
    fc.property(texts, (text) => {
      const { experiment } = parseFragment(text);
      for (const key of fieldKeys) expect(parseField(key, printField(key, experiment[key]))).toEqual(experiment[key]);
    }),
  );
});

describe('what is wrong is replaced and named', () => {
  test.each([
    ['lr=abc', /Learning rate takes numbers from 0 to 10/],
    ['b=0', /Batch takes whole numbers from 1 to 1024/],
    ['mb=1', /Mirror batch takes whole numbers from 2 to 1024/],
    ['rule=constructor', /not one of bp, fa/],
    ['net=512-x', /“x” is not a layer/],
    ['sped=3&toString=1', /settings that do not exist: sped, toString\. They are ignored/],
  ])('%s', (fragment, notice) => {
    const { experiment, notices } = parseFragment(fragment);
    expect(notices).toHaveLength(1);
    expect(notices[0]).toMatch(notice);
    expect(experiment).toEqual(defaultExperiment);
  });

  test('a file that is no object, or has a setting that is none', () => {
    expect(parseExperiment(null).notices[0]).toMatch(/JSON object/);
    expect(parseExperiment({ rule: 'bp', sped: 3 }).notices).toEqual(['There is no setting “sped”; it is ignored.']);
    expect(parseExperiment({ seed: { a: 1 } }).notices[0]).toMatch(/Seed takes whole numbers/);
  });

  test.each([
    ['names that cannot be read', 'a=%&'.repeat(500), /^The link's “(a, ){19}a,…” is not readable/],
    ['settings', Array.from({ length: 300 }, (_, i) => `q${i}`).join('&'), /do not exist: q0, q1,.*…\./],
    ['brackets', `net=${'('.repeat(2000)}`, /“\({59}…” has more than 16 brackets/],
    ['letters', `rule=${'b'.repeat(2000)}`, /“b{59}…” is not one of/],
  ])('a link with too many %s for a message', (_, fragment, notice) => {
    const { experiment, notices } = parseFragment(fragment);
    expect(experiment).toEqual(defaultExperiment);
    expect(notices).toEqual([expect.stringMatching(notice)]);
    expect(notices[0]?.length).toBeLessThan(300);
  });

  test('a file that is made to be too much for a message, or for a parser', () => {
    const deep: unknown = JSON.parse(`${'['.repeat(100_000)}${']'.repeat(100_000)}`);
    const { experiment, notices } = parseExperiment({
      rule: 'b'.repeat(1e6),
      layers: '('.repeat(1e6),
      rateDrops: Array.from({ length: 1e6 }, () => 7),
      epochs: `${'1'.repeat(1e6)}x`,
      seed: deep,
      ...Object.fromEntries(Array.from({ length: 1e5 }, (_, i) => [`unknown${i}`, i])),
    });
    expect(experiment).toEqual(defaultExperiment);
    expect(notices).toHaveLength(6);
    expect(notices[0]).toMatch(/^There is no setting “unknown0, .*…”; they are ignored\.$/);
    expect(notices).toContainEqual(expect.stringMatching(/Rate drops after epochs takes at most 1000 numbers/));
    for (const notice of notices) expect(notice.length).toBeLessThan(600);
  });
});

test('a link that is longer than any of ours is not read', () => {
  const { experiment, notices } = parseFragment(`x=${'9'.repeat(20_000)}`);
  expect(experiment).toEqual(defaultExperiment);
  expect(notices).toEqual([expect.stringContaining('too long')]);
});

test('another rule brings its recommendations, and leaves what was chosen', () => {
  const chosen = { ...defaultsFor('pfa'), rate: 0.05 };
  expect(withRule(chosen, 'bp')).toMatchObject({ rule: 'bp', rate: 0.05, earlyDecay: 1e-4 });
  expect(withRule(withRule(chosen, 'bp'), 'pfao')).toMatchObject({ earlyDecay: 0.03, expansion: 1 });
});

test('the table is consistent', () => {
  expect(new Set(fieldKeys.map((key) => fields[key].short)).size).toBe(fieldKeys.length);
  for (const rule of rules) {
    const defaults = defaultsFor(rule.id);
    for (const key of fieldKeys) expect(parseField(key, printField(key, defaults[key]))).toEqual(defaults[key]);
  }
});

test('a decimal comma is read, but not in a whole number, where it may group digits', () => {
  expect(parseField('rate', '0,02')).toBe(0.02);
  expect(() => parseField('rate', '1,000,5')).toThrow(/takes numbers/);
  expect(() => parseField('batch', '1,000')).toThrow(/takes whole numbers/);
});

test('what may be grouped digits or a fraction is not guessed', () => {
  expect(() => parseField('rate', '1,250')).toThrow('Learning rate: “1,250” may be 1.25 or 1250. Write one of these.');
  for (const [text, value] of [
    ['0,001', 0.001],
    ['1,25', 1.25],
    ['1,2500', 1.25],
  ] as const)
    expect(parseField('rate', text)).toBe(value);
});

test('a number is what people write, and not what a programming language takes', () => {
  for (const text of ['0x10', '0b11', '0o17', '', ' ', '1_0', '1 0', '.', 'e1'])
    expect(() => parseField('batch', text), text).toThrow(/takes whole numbers/);
  expect(() => parseField('rateDrops', '0x10-20')).toThrow(/takes whole numbers/);
  expect(['16', ' 16 ', '+16', '1.6e1', '16.', '016'].map((text) => parseField('batch', text))).toEqual(
    Array.from({ length: 6 }, () => 16),
  );
  expect(['.5', '5E-1', '1e-7'].map((text) => parseField('rate', text))).toEqual([0.5, 0.5, 1e-7]);
});
