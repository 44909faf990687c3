import fc from 'fast-check';
import type { Dataset } from '../data/dataset.ts';
import type { Experiment } from '../model/experiment.ts';
import { defaultsFor } from '../model/fields.ts';
import type { LayerSpec } from '../model/network.ts';

/** Small random networks, data and schedules for tests of properties. */

/** Steps that `schedule` has rates for. */
export const steps = 4;
export const schedule = { rates: [0.1, 0.1, 0.05, 0.02], decays: [0.3, 0.1, 0.1, 0.01], momentum: 0.9 };

export interface Case {
  readonly hidden: number[];
  readonly inputs: number;
  readonly classes: number;
  readonly batch: number;
  readonly seed: number;
  readonly expansion: number;
}
export const cases: fc.Arbitrary<Case> = fc.record({
  hidden: fc.array(fc.integer({ min: 1, max: 7 }), { maxLength: 3 }),
  inputs: fc.integer({ min: 1, max: 6 }),
  classes: fc.integer({ min: 2, max: 5 }),
  batch: fc.integer({ min: 1, max: 5 }),
  seed: fc.nat(10_000),
  expansion: fc.constantFrom(1, 2, 3.5),
});

export function datasetOf({ inputs, classes, batch, seed }: Case): Dataset {
  const count = batch * 3;
  const images = Float32Array.from({ length: count * inputs }, (_, i) => Math.sin(seed + 12.9898 * (i + 1) ** 1.5));
  const split = { count, images, labels: Uint8Array.from({ length: count }, (_, i) => (i * 7 + seed) % classes) };
  return {
    id: 'waves',
    name: 'waves',
    shape: { height: 1, width: 1, channels: inputs },
    classes,
    mean: [0],
    std: [1],
    train: split,
    test: split,
  };
}

/** Step `t` of the schedule. */
export const experimentOf = (rule: string, shape: Case, t: number, change: Partial<Experiment> = {}): Experiment => ({
  ...defaultsFor(rule),
  layers: shape.hidden.map((outputs): LayerSpec => ({ kind: 'linear', outputs, relu: true })),
  batch: shape.batch,
  seed: shape.seed,
  expansion: shape.expansion,
  rate: schedule.rates[t],
  rateDrops: [],
  decay: schedule.decays[t],
  earlyDecay: schedule.decays[t],
  momentum: schedule.momentum,
  ...change,
});
