import { expect, test } from 'vitest';
import { describeNetwork, parseNetwork, withOutput } from '../model/network.ts';
import { rectified } from './mirror.ts';

test.each([
  ['9-6', [true, true, false]],
  ['9l-6', [false, true, false]],
  // Batch norm is left out, its ReLU is not.
  ['9l-bn-6', [true, true, false]],
  ['9l-bnl-6', [false, true, false]],
  ['c4k3l-max2-bn-flat', [true, false]],
  // Both layers of a block, and the one in front of it, which the main path begins with.
  ['c4k3nl-bn-a(c4k3nl-bn-c4k3nl-bnl)-gavg', [true, true, true, false]],
  ['c4k3l-a(c4k3l-c4k3l)-gavg', [false, false, true, false]],
  ['c4k3l-a(bn-c4k3l)l-gavg', [true, false, false]],
  // The shortcut has a convolution of its own.
  ['b(c4k3s2nl-bn-c4k3nl-bnl)-gavg', [true, true, true, false]],
  ['b(c4k3s2nl-bn-c4k3nl-bnl)l-gavg', [true, false, false, false]],
])('of %s a mirror sees the ReLUs that there are', (network, expected) => {
  const rows = describeNetwork(withOutput(parseNetwork(network), 3), { height: 8, width: 8, channels: 2 });
  expect(rectified(rows)).toEqual(expected);
});
