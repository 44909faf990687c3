import wgsl from '../../shaders/score.wgsl?raw';
import { everywhere, type Kernel } from '../kernel.ts';

export type ScoreConstants = {
  /** Examples of a batch. */
  readonly M: number;
  /** Classes. */
  readonly N: number;
  /** Steps that the history holds. */
  readonly SLOTS: number;
  /** Examples there are; those of the last batch beyond it do not count. */
  readonly COUNT: number;
};

/**
 * Softmax cross-entropy: dz = (softmax(z) - onehot)/M, and [sum of losses, number right] at history's slot clock mod
 * SLOTS. Moves the clock on.
 */
export const score: Kernel<ScoreConstants, 'dz' | 'history' | 'clock' | 'z' | 'labels'> = {
  name: 'score',
  bindings: { dz: 'write', history: 'write', clock: 'write', z: 'read', labels: 'read' },
  shader: everywhere({ wgsl, workgroups: () => [1, 1] }),
  twin({ dz, history, clock, z, labels }, { M, N, SLOTS, COUNT }) {
    let losses = 0;
    let right = 0;
    for (let m = 0; m < M; m++) {
      const logits = z.subarray(m * N, (m + 1) * N);
      let best = 0;
      for (let n = 1; n < N; n++) if (logits[n] > logits[best]) best = n;
      let sum = 0;
      for (let n = 0; n < N; n++) sum += Math.exp(logits[n] - logits[best]);
      for (let n = 0; n < N; n++)
        dz[m * N + n] = (Math.exp(logits[n] - logits[best]) / sum - Number(n === labels[m])) / M;
      if (clock[0] * M + m >= COUNT) continue;
      losses += Math.log(sum) + logits[best] - logits[labels[m]];
      right += Number(best === labels[m]);
    }
    history.set([losses, right], (clock[0] % SLOTS) * 2);
    clock[0]++;
  },
};
