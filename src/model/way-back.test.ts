import { expect, test } from 'vitest';
import { defaultsFor } from './fields.ts';
import { ruleOf, rules } from './rules/index.ts';
import { printShape } from './shape.ts';
import { fullyConnected } from './testing.ts';
import { comparedWith, isExact, wayBack } from './way-back.ts';

const [inputs, outputs, classes] = [300, 200, 10];
const layer = fullyConnected(inputs, outputs);

/** As the paper's figure 1 and the rules' equations have it. */
const expected: Readonly<Record<string, readonly string[]>> = {
  bp: ['layer > W forward 300'],
  fa: ['layer > B fixed 300'],
  dfa: ['network > B fixed 300'],
  usf: ['layer > sign W derived 300'],
  frsf: ['layer > |M| sign W derived 300'],
  brsf: ['layer > |Mₜ| sign W derived 300'],
  kp: ['layer > B learns 300'],
  wm: ['layer > B learns 300'],
  pal: ['layer > B learns 300'],
  pfa: ['layer > B fixed 2000 > R learns 300'],
  pfao: ['layer > B fixed 200 > R learns 300'],
  pfaf: ['layer > G derived 200 > W forward 300', 'layer > D decays 300'],
  mixed: ['layer > F derived 300'],
};

test.each(rules.map((rule) => [rule.id, rule] as const))(
  'the way back under %s is what its equations say',
  (id, rule) => {
    const routes = wayBack(rule, layer, defaultsFor(id), classes).map(({ from, passages }) =>
      [from, ...passages.map(({ symbol, nature, shape }) => `${symbol} ${nature} ${printShape(shape)}`)].join(' > '),
    );
    expect(routes).toEqual(expected[id]);
  },
);

test('backpropagation alone is exact', () => {
  const exact = rules.filter((rule) => isExact(wayBack(rule, layer, defaultsFor(rule.id), classes)));
  expect(exact.map(({ id }) => id)).toEqual(['bp']);
});

test('only direct feedback stands for more than one weight', () => {
  expect(
    rules.filter((rule) => comparedWith(rule) !== 'weight').map(({ id }) => [id, comparedWith(ruleOf(id))]),
  ).toEqual([['dfa', 'chain']]);
});
