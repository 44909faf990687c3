import { expect, test } from 'vitest';
import { epochAt } from './epoch.ts';

test.each([
  ['at the start', 0, 40, 1],
  ['on the way', 2462, 40, 3],
  ['between two', 2 * 937, 40, 3],
  ['at the end', 40 * 937, 40, 40],
  ['cut short', 2462, 1, 3],
  ['cut short between two', 2 * 937, 1, 2],
])('%s, at step %d of %d epochs, it is epoch %d', (_, step, epochs, epoch) => {
  expect(epochAt(step, 937, epochs)).toBe(epoch);
});

test('without a run there is none', () => expect(epochAt(0, 0, 40)).toBe(0));
