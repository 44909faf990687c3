import { describe, expect, test } from 'vitest';
import { rules } from '../../model/rules/index.ts';
import { ruleToken } from './palette.ts';
import { contrast, distance, eyes, leastContrast, leastDistance, seen, themes, token } from './vision-testing.ts';

describe.each(Object.entries(themes))('in the %s theme', (_, theme) => {
  const colors = rules.map(({ id, name }) => ({ name, color: token(ruleToken(id), theme) }));

  test('every rule stands out from the surface', () => {
    const faint = colors.filter(({ color }) => contrast(color, token('--surface', theme)) < leastContrast);
    expect(faint).toEqual([]);
  });

  test.each(Object.entries(eyes))('any two rules stay apart for %s eyes', (_eyes, matrix) => {
    const all = colors.map(({ name, color }) => ({ name, look: seen(color, matrix) }));
    const pairs = all.flatMap((a, i) => all.slice(i + 1).map((b) => ({ a, b })));
    const close = pairs.filter(({ a, b }) => distance(a.look, b.look) < leastDistance);
    expect(close.map(({ a, b }) => `${a.name} and ${b.name}`)).toEqual([]);
  });

  test.each(['--ink', '--ink-soft', '--ink-faint'])('%s is legible on every surface', (ink) => {
    for (const surface of ['--page', '--surface', '--raised', '--sunken', '--hover'])
      expect(contrast(token(ink, theme), token(surface, theme)), surface).toBeGreaterThan(4.5);
  });

  test.each(['--surface', '--raised'])('what is pointed at stands out from %s', (surface) => {
    expect(contrast(token('--hover', theme), token(surface, theme))).toBeGreaterThan(1.25);
  });

  test.each([
    ['--warn-ink', '--warn-surface'],
    ['--fault-ink', '--fault-surface'],
    ['--on-ink', '--ink'],
  ])('%s is legible on %s', (ink, surface) => {
    expect(contrast(token(ink, theme), token(surface, theme))).toBeGreaterThan(4.5);
  });
});
