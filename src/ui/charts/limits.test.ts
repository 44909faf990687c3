import { describe, expect, test } from 'vitest';
import { defaultsFor } from '../../model/fields.ts';
import { ruleOf } from '../../model/rules/index.ts';
import { fullyConnected } from '../../model/testing.ts';
import { limitOf, shareLimits } from './limits.ts';

const limit = (rule: string, outputs: number, change: { expansion?: number; sparsity?: number } = {}) =>
  limitOf(ruleOf(rule), fullyConnected(512, outputs), { ...defaultsFor(rule), ...change }, 10);

describe('limitOf', () => {
  // Angles of algorithms.md section 9 (N_out = 100) and section 8.6.
  test.each([
    [1, 45.0],
    [2.51, 32.3],
    [6.31, 21.7],
    [15.8, 14.1],
    [39.8, 9.0],
    [100, 5.7],
  ])('PFA at expansion %d: %d°', (expansion, angle) => {
    expect(Math.abs((limit('pfa', 100, { expansion })?.angle ?? NaN) - angle)).toBeLessThan(0.15);
  });

  test('PFA at expansion 10: ratio √1.1', () => {
    expect(limit('pfa', 512)?.ratio).toBeCloseTo(1.0488, 4);
  });

  // Section 10: expansion 10 and Nm = 1000.
  test.each([
    [0.5, 24.4],
    [0.1, 47],
    [0.05, 59],
  ])('sparse PFA at density %d: about %d°', (density, angle) => {
    expect(Math.abs((limit('pfa', 100, { sparsity: 1 - density })?.angle ?? 0) - angle)).toBeLessThan(0.6);
  });

  test('a layer whose masks leave very uneven feedback has none', () => {
    expect(limit('pfa', 10, { sparsity: 0.9 })).toBeNull();
    expect(limit('pfa', 64, { sparsity: 0.9 })?.angle).toBeCloseTo(48.5, 1);
  });

  test('the factored form has that of PFA, dense', () => {
    expect(limit('pfaf', 512, { sparsity: 0.5 })).toEqual(limit('pfa', 512));
  });

  test('an orthogonal B has no residual angle while it is dense, and no closed form once it is cut', () => {
    expect(limit('pfao', 512)).toEqual({ angle: 0, ratio: 1 });
    expect(limit('pfao', 512, { sparsity: 0.5 })).toBeNull();
  });

  test.each(['bp', 'fa', 'dfa', 'usf', 'kp'])('%s has no projection and no limit of this kind', (rule) => {
    expect(limit(rule, 512)).toBeNull();
  });
});

test('limits that are nearly equal share a line; layers without a limit have none', () => {
  expect(shareLimits([17.5, 17.5, 17.4], 0.5)).toEqual([{ layers: [0, 1, 2], value: 17.5 }]);
  expect(shareLimits([24.4, null, 47], 0.5)).toEqual([
    { layers: [0], value: 24.4 },
    { layers: [2], value: 47 },
  ]);
});
