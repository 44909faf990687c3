import { expect, test } from 'vitest';
import { Cost, Pace } from './pace.ts';

/** A pace over a clock that only moves when told to. */
function paceAt(): { pace: Pace; pass: (milliseconds: number) => void } {
  let now = 0;
  return { pace: new Pace(() => now), pass: (milliseconds) => void (now += milliseconds) };
}

test('submits grow until they fill a display frame, and no further', () => {
  const { pace, pass } = paceAt();
  expect(pace.steps).toBe(1);
  let step = 0;
  for (let i = 0; i < 50; i++) {
    const count = pace.steps;
    pass(2 * count);
    pace.took(count, (step += count));
  }
  expect(pace.steps).toBe(8);
  expect(pace.speed).toBeCloseTo(500);
});

test('a stall of the machine is no cost, and one that lasts is', () => {
  const cost = new Cost();
  expect([10, 500, 12, 11].map((spent) => cost.after(spent))).toEqual([10, 10, 10, 11]);
  expect([40, 40, 40].map((spent) => cost.after(spent))).toEqual([11, 11, 40]);
});

test('what is done aside is no step', async () => {
  const { pace, pass } = paceAt();
  pass(10);
  pace.took(1, 1);
  const [, spent] = await pace.aside(async () => pass(1000));
  expect(spent).toBe(1000);
  pass(10);
  pace.took(1, 2);
  expect(pace.steps).toBe(1);
  // Interruptions of one second every hundred steps of ten milliseconds are half of the time.
  expect(pace.stepsWorth(spent, 1)).toBe(100);
});
