import type { Numbers, Tensor } from './tensor.ts';

/** Steps whose scores the device keeps until they are read: the most that one submit may train. */
export const trainingSlots = 1024;

/**
 * Where scores collect on the device: a pair a step, the sum of losses and the number of right answers, in a ring of `slots`.
 * Behind the ring, each example of the present batch has a pair of its own. The clock counts the steps.
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

/** The mean loss and accuracy of some steps in a ring, `count` images in all, in each replica. */
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
