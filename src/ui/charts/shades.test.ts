import { describe, expect, test } from 'vitest';
import { rules } from '../../model/rules/index.ts';
import { ruleToken } from './palette.ts';
import { freeShade, shadesOf } from './shades.ts';
import { contrast, distance, eyes, seen, themes, token } from './vision-testing.ts';

describe.each(Object.entries(themes))('in the %s theme', (_, theme) => {
  const [surface, ink] = [token('--surface', theme), token('--ink', theme)];

  test.each(rules.map(({ id }) => id))('the shades of %s are told from each other and from the present run', (id) => {
    const color = token(ruleToken(id), theme);
    const all = [color, ...shadesOf(color, surface, ink)];
    expect(all).toHaveLength(4);
    for (const [i, shade] of all.entries()) {
      expect(contrast(shade, surface)).toBeGreaterThan(1.5);
      for (const other of all.slice(0, i))
        for (const [name, matrix] of Object.entries(eyes))
          expect(distance(seen(shade, matrix), seen(other, matrix)), name).toBeGreaterThan(8);
    }
  });
});

test('a run takes the first shade that its rules leave free, or the one that fewest have', () => {
  const run = (shade: number, ...taught: string[]) => ({ shade, segments: taught.map((rule) => ({ step: 0, rule })) });
  expect(freeShade([], run(0, 'fa'))).toBe(0);
  expect(freeShade([run(0, 'fa'), run(0, 'bp')], run(0, 'fa'))).toBe(1);
  expect(freeShade([run(1, 'fa', 'bp')], run(0, 'bp'))).toBe(0);
  expect(freeShade([run(0, 'fa'), run(1, 'bp')], run(0, 'fa', 'bp'))).toBe(2);
  expect(
    freeShade(
      [0, 1, 2].map((shade) => run(shade, 'fa')),
      run(0, 'fa'),
    ),
  ).toBe(0);
  expect(
    freeShade(
      [0, 1, 2, 1, 0].map((shade) => run(shade, 'fa')),
      run(0, 'fa'),
    ),
  ).toBe(2);
});
