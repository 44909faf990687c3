import { readFileSync } from 'node:fs';
import { lab, rgb } from 'd3';
import { describe, expect, test } from 'vitest';
import { rules } from '../../model/rules/index.ts';
import { ruleToken } from './palette.ts';

const css = readFileSync(new URL('../tokens.css', import.meta.url), 'utf8');

type Matrix = readonly (readonly [number, number, number])[];

/** What eyes see: Machado, Oliveira & Fernandes 2009, severity 1, on linear RGB. */
const eyes: Readonly<Record<string, Matrix>> = {
  normal: [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
  protan: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  deutan: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
  tritan: [
    [1.255528, -0.076749, -0.178779],
    [-0.078411, 0.930809, 0.147602],
    [0.004733, 0.691367, 0.3039],
  ],
};

const linear = (byte: number): number => (byte <= 10.31475 ? byte / 3294.6 : ((byte / 255 + 0.055) / 1.055) ** 2.4);
const encoded = (value: number): number => {
  const v = Math.min(1, Math.max(0, value));
  return 255 * (v <= 0.0031308 ? 12.92 * v : 1.055 * v ** (1 / 2.4) - 0.055);
};
const channels = (color: string): [number, number, number] => {
  const { r, g, b } = rgb(color);
  return [linear(r), linear(g), linear(b)];
};

function seen(color: string, matrix: Matrix) {
  const [r, g, b] = channels(color);
  const [sr, sg, sb] = matrix.map((row) => encoded(row[0] * r + row[1] * g + row[2] * b)) as [number, number, number];
  return lab(rgb(sr, sg, sb));
}

function distance(a: string, b: string, matrix: Matrix): number {
  const [p, q] = [seen(a, matrix), seen(b, matrix)];
  return Math.hypot(p.l - q.l, p.a - q.a, p.b - q.b);
}

const luminance = (color: string): number => {
  const [r, g, b] = channels(color);
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
};
const contrast = (a: string, b: string): number => {
  const [dark, light] = [luminance(a), luminance(b)].toSorted((x, y) => x - y) as [number, number];
  return (light + 0.05) / (dark + 0.05);
};

/** A token's colour in the light (0) or dark (1) theme. */
function token(name: string, theme: 0 | 1): string {
  const pair = new RegExp(`${name}: light-dark\\((#\\w{6}), (#\\w{6})\\)`).exec(css);
  const color = pair?.[theme + 1];
  if (color === undefined) throw new Error(`tokens.css has no ${name}.`);
  return color;
}

describe.each([
  ['light', 0],
  ['dark', 1],
] as const)('in the %s theme', (_, theme) => {
  const colors = rules.map(({ id, name }) => ({ name, color: token(ruleToken(id), theme) }));

  test('every rule stands out from the surface by 3 to 1', () => {
    const faint = colors.filter(({ color }) => contrast(color, token('--surface', theme)) < 3);
    expect(faint).toEqual([]);
  });

  test.each(Object.entries(eyes))('any two rules stay apart for %s eyes', (_eyes, matrix) => {
    const pairs = colors.flatMap((a, i) => colors.slice(i + 1).map((b) => ({ a, b })));
    const close = pairs.filter(({ a, b }) => distance(a.color, b.color, matrix) < 15);
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
