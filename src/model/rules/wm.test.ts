import { expect, test } from 'vitest';
import { defaultsFor } from '../fields.ts';
import { describeNetwork, parseNetwork } from '../network.ts';
import type { WeightShape } from '../shape.ts';
import type { MirrorPhase } from './rule.ts';
import { wm } from './wm.ts';

/** The share of a layer's feedback that one mirror step replaces. */
function rateOf(layer: WeightShape): number {
  const rates: number[] = [];
  const phase: MirrorPhase<string, string> = {
    weight: 'W',
    relu: true,
    feedback: (name) => name,
    noise: () => 'noise',
    respond: (x) => x,
    centre: (signal) => signal,
    estimate: (_kernel, _x, _y, rate) => void rates.push(rate),
  };
  wm.mirror?.(phase, layer, { ...defaultsFor('wm'), mirrorRate: 0.25, convMirrorRate: 0.75 });
  return rates[0];
}

test.each([
  ['512', [0.25]],
  ['c4k3', [0.75]],
  // Onto a map of one place, from one, and through a window of one.
  ['c4k5p0-7', [0.75, 0.25]],
  ['gavg-c4k3', [0.75]],
  ['c4k1', [0.75]],
  ['gavg-c4k1', [0.75]],
])('%s: convolutions have a mirror rate of their own, whatever the size of their map', (notation, rates) => {
  const rows = describeNetwork(parseNetwork(notation), { height: 5, width: 5, channels: 2 });
  expect(rows.flatMap(({ weight }) => (weight ? [rateOf(weight)] : []))).toEqual(rates);
});
