import fc from 'fast-check';
import { expect, test } from 'vitest';
import { between, fewestSteps, includes, movedTo, widened, type Steps } from './steps.ts';

const whole: Steps = [100, 1100];

test('a stretch is what lies between two steps, in either order, within the whole and not too narrow', () => {
  expect(between(300, 200, whole)).toEqual([200, 300]);
  expect(between(0, 200, whole)).toEqual([100, 300]);
  expect(between(500, 501, whole)).toEqual([491, 511]);
  expect(between(1100, 1099, whole)).toEqual([1080, 1100]);
  expect(between(0, 5000, whole)).toBeNull();
});

test('a stretch is widened and narrowed around a step, which stays where it was', () => {
  expect(widened(whole, 1 / 2, 350, whole)).toEqual([225, 725]);
  expect(widened([225, 725], 2, 350, whole)).toBeNull();
  expect(widened([300, 400], 2, 400, whole)).toEqual([200, 400]);
  // At an end of the whole it grows on the other side.
  expect(widened([100, 200], 2, 200, whole)).toEqual([100, 300]);
  // Of a step that is not in sight the nearer end stays.
  expect(widened([300, 400], 1 / 2, 1000, whole)).toEqual([350, 400]);
});

test('whatever is asked for, a stretch lies within the whole and is as wide as an axis has to be', () => {
  const step = fc.integer({ min: -500, max: 2000 });
  fc.assert(
    fc.property(step, step, step, fc.constantFrom(1 / 2, 2), (one, other, about, factor) => {
      const picked = between(one, other, whole);
      for (const steps of [picked, widened(picked ?? whole, factor, about, whole)]) {
        if (steps === null) continue;
        expect(steps.every((end) => Number.isInteger(end) && includes(whole, end))).toBe(true);
        expect(steps[1] - steps[0]).toBeGreaterThanOrEqual(fewestSteps);
        expect(steps[1] - steps[0]).toBeLessThan(1000);
      }
    }),
  );
});

test('a stretch moves no farther than to the step that is to be seen', () => {
  const steps: Steps = [200, 300];
  expect([150, 250, 310].map((step) => movedTo(steps, step))).toEqual([
    [150, 250],
    [200, 300],
    [210, 310],
  ]);
});
