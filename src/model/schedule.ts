import type { Experiment } from './experiment.ts';

/** What the optimiser uses at one step. */
export interface Rates {
  readonly rate: number;
  readonly momentum: number;
  readonly decay: number;
}

/** Training steps of one epoch: the last, incomplete batch is dropped, but a data set smaller than a batch still makes one. */
export const stepsPerEpoch = (images: number, batch: number): number => Math.max(1, Math.floor(images / batch));

/** Learning rate, momentum and decay in force at training step `step` (from 0). */
export function ratesAt(experiment: Experiment, step: number, epochSteps: number): Rates {
  const fullEpochs = Math.floor(step / epochSteps);
  const drops = experiment.rateDrops.filter((epoch) => fullEpochs >= epoch).length;
  return {
    rate: experiment.rate * experiment.rateFactor ** drops,
    momentum: experiment.momentum,
    decay: step < Math.round(experiment.earlyEpochs * epochSteps) ? experiment.earlyDecay : experiment.decay,
  };
}

/** The first step after `step` at which `ratesAt` may change, or an epoch ends: no submit may run across it. */
export function nextBoundary(experiment: Experiment, step: number, epochSteps: number): number {
  const early = Math.round(experiment.earlyEpochs * epochSteps);
  const epoch = (Math.floor(step / epochSteps) + 1) * epochSteps;
  return early > step && early < epoch ? early : epoch;
}
