import { expect, test } from 'vitest';
import { barOf, clock } from './progress.ts';

test('the bar tells share, epoch, step, loss, speed and the time that is left', () => {
  expect(barOf({ step: 468, total: 936, epoch: 0.5, loss: 0.1234, stepsPerSecond: 12 })).toBe(
    '[############------------]  50 %  epoch 0.50  step 468/936  loss 0.123  12.0 steps/s  ETA 0:39',
  );
  expect(barOf({ step: 0, total: 9, epoch: 0, loss: NaN, stepsPerSecond: 0 })).toContain('ETA –');
});

test.each([
  [5.4, '0:05'],
  [754, '12:34'],
  [3723, '1:02:03'],
])('%d seconds are %s', (seconds, text) => expect(clock(seconds)).toBe(text));
