import type { Numbers, Tensor } from './tensor.ts';

/** Steps whose loss the device remembers until they are read. */
export const trainingSlots = 1024;
/**
 * Sums of losses and numbers of right answers, one pair a step, in a ring of `slots`, behind which every example of the
 * batch has a pair of its own; and the clock that counts the steps.
 */
export interface ScoreRing {
  readonly tensor: Tensor;
  readonly slots: number;
  readonly clock: Tensor;
}

/** Loss and accuracy of one step, or of a whole test, in each replica. */
export interface Score {
  readonly loss: Float64Array;
  readonly accuracy: Float64Array;
}

/** Adds up what a ring has of some steps, in each replica, over `count` images. */
export function scoreOf(
  { slots, tensor }: ScoreRing,
  numbers: Numbers,
  steps: readonly number[],
  count: number,
): Score {
  const sum = (replica: number, part: number): number =>
    steps.reduce((total, step) => total + numbers[replica * tensor.size + (step % slots) * 2 + part], 0) / count;
  return {
    loss: Float64Array.from({ length: tensor.replicas }, (_, r) => sum(r, 0)),
    accuracy: Float64Array.from({ length: tensor.replicas }, (_, r) => sum(r, 1)),
  };
}
