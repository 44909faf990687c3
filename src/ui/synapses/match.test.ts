import fc from 'fast-check';
import { expect, test } from 'vitest';
import { defaultsFor } from '../../model/fields.ts';
import { relate } from '../../model/synapses.ts';
import { fullyConnected } from '../../model/testing.ts';
import { shareLikeCortex } from './match.ts';

const layer = fullyConnected(60, 40);

/** Numbers of variance 1 without a relation, the same every time. */
function* noise(): Generator<number> {
  for (let state = 1; ; state = (state * 48271) % 2147483647) yield Math.sqrt(12) * (state / 2147483647 - 0.5);
}

test('synapses drawn with these shares have the correlation of the cortex', () => {
  const shares = fc.record({
    pathShare: fc.double({ min: 0, max: 0.8, noNaN: true }),
    scale: fc.double({ min: 0.5, max: 3, noNaN: true }),
  });
  fc.assert(
    fc.property(shares, ({ pathShare, scale }) => {
      const variance = (scale * 2) / (60 + 40);
      const fixedShare = shareLikeCortex({ ...defaultsFor('mixed'), pathShare }, layer, variance);
      const draw = noise();
      const next = (): number => draw.next().value as number;
      const forward = Array.from({ length: 60_000 }, () => Math.sqrt(variance) * next());
      const feedback = forward.map((weight, i) => {
        const kind = (i + 0.5) / forward.length;
        if (kind < pathShare) return 0;
        return kind < pathShare + fixedShare ? Math.sqrt(2 / 100) * next() : weight;
      });
      expect(relate(forward, feedback).correlation).toBeCloseTo(0.2, 1);
    }),
    { numRuns: 30 },
  );
});
