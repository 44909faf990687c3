import { expect, test } from 'vitest';
import { defaultsFor } from '../../model/fields.ts';
import { ruleOf } from '../../model/rules/index.ts';
import { fullyConnected } from '../../model/testing.ts';
import { wayBack } from '../../model/way-back.ts';
import { testCaption, testPalette } from '../charts/palette-testing.ts';
import { SvgPen } from '../charts/pen.ts';
import { drawPicture, type PicturedLayer } from './picture.ts';

const [width, height] = [460, 260];

const hidden = fullyConnected(20, 20);

/** A network of `depth` equal layers under a rule, drawn. */
function draw(rule: string, depth: number, angle = 30, ratio = 1): string {
  const layer: PicturedLayer = {
    routes: wayBack(ruleOf(rule), hidden, defaultsFor(rule), 20),
    reading: { angle, ratio, limit: 17 },
  };
  const pen = new SvgPen((text) => 6 * text.length);
  const units = Array.from({ length: depth + 1 }, () => '20');
  const layers = Array.from({ length: depth }, () => layer);
  drawPicture(pen, width, height, { units, layers }, testPalette, 'red');
  return pen.document(width, height, testCaption);
}

const textsOf = (svg: string): string[] => [...svg.matchAll(/<text [^>]*>([^<]+)</g)].map(([, text]) => text);

test('every tensor on the way back has its symbol, its nature and its size', () => {
  const texts = textsOf(draw('pfa', 2));
  for (const text of ['R', 'learns', 'B', 'fixed', '200', 'error', 'back', 'forward'])
    expect(texts, text).toContain(text);
  expect(textsOf(draw('fa', 2))).not.toContain('learns');
});

test('what is fixed is dashed, what learns is solid', () => {
  const dashed = (rule: string): number =>
    draw(rule, 1).split('stroke="red" stroke-width="2" stroke-dasharray').length - 1;
  expect(dashed('fa')).toBe(1);
  expect(dashed('kp')).toBe(0);
  expect(dashed('pfa')).toBe(1);
});

test('a deep network has no words but its ends, and stays on its canvas', () => {
  for (const rule of ['pfa', 'pfaf', 'dfa'])
    for (const depth of [1, 3, 7, 20]) {
      const svg = draw(rule, depth);
      const numbers = [...svg.matchAll(/[ML](-?[\d.]+),(-?[\d.]+)/g)].map(([, x, y]) => [Number(x), Number(y)]);
      expect(numbers.length).toBeGreaterThan(10);
      for (const [x, y] of numbers) {
        expect(x, `${rule} ${depth}`).toBeGreaterThanOrEqual(0);
        expect(x).toBeLessThanOrEqual(width);
        expect(y).toBeGreaterThanOrEqual(0);
        expect(y).toBeLessThanOrEqual(height);
      }
    }
  expect(textsOf(draw('pfa', 20)).toSorted()).toEqual(['20', '20', 'back', 'error', 'forward']);
});

test('the hand of a dial is turned by the angle and as long as the norm ratio', () => {
  const handOf = (angle: number, ratio: number): { turn: number; length: number } => {
    const [, path = ''] = /d="M([\d.,L]+)"[^>]*stroke-linecap="round"/.exec(draw('fa', 1, angle, ratio)) ?? [];
    const [x0, y0, x1, y1] = path.split(/[,L]/).map(Number);
    const [along, up] = [x1 - x0, y0 - y1];
    return { turn: (Math.atan2(up, along) * 180) / Math.PI, length: Math.hypot(along, up) };
  };
  const one = handOf(40, 1);
  expect(one.turn).toBeCloseTo(40, 0);
  expect(handOf(120, 1).turn).toBeCloseTo(120, 0);
  expect(handOf(40, 0.5).length / one.length).toBeCloseTo(0.5, 2);
});

test('where nothing is known yet there is no hand and no figure', () => {
  const svg = draw('fa', 1, NaN, NaN);
  expect(svg).not.toContain('stroke-linecap="round"');
  expect(textsOf(svg)).toContain('–');
});
