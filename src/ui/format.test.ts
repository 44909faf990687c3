import { expect, test } from 'vitest';
import { compact, duration, grouped, roughly, setting } from './format.ts';

test.each([
  [0, '0'],
  [7.26, '7.3'],
  [640.4, '640'],
  [999.6, '1k'],
  [71_234, '71.2k'],
  [999_600, '1M'],
  [9_437_184, '9.44M'],
])('compact(%d) is %s', (value, text) => expect(compact(value)).toBe(text));

test.each([
  [112_450, 5, '112.45k'],
  [112_500, 5, '112.5k'],
  [999_600, 4, '999.6k'],
])('compact(%d, %d) is %s', (value, digits, text) => expect(compact(value, digits)).toBe(text));

test.each([
  [0.2, '0 s'],
  [59.4, '59 s'],
  [59.6, '1:00'],
  [80, '1:20'],
  [7509, '2:05:09'],
])('duration(%d) is %s', (value, text) => expect(duration(value)).toBe(text));

test.each([
  [1620, '27 minutes'],
  [5370, '2 hours'],
])('roughly(%d) is %s', (value, text) => expect(roughly(value)).toBe(text));

test.each([
  [0, '0'],
  [0.01, '0.01'],
  [0.0001, '0.0001'],
  [1e-7, '1e−7'],
])('setting(%d) is %s', (value, text) => expect(setting(value)).toBe(text));

test('grouped', () => expect(grouped(669_706)).toBe('669\u202f706'));
