import scoreSource from '../../shaders/score.wgsl?raw';
import tallySource from '../../shaders/tally.wgsl?raw';
import { everywhere, type Kernel, type Shader } from '../kernel.ts';
import { bandRows } from './product.ts';

export type ScoreConstants = {
  /** Examples of a batch. */
  readonly M: number;
  /** Classes. */
  readonly N: number;
  /** Slots of the ring (score-ring.ts). */
  readonly SLOTS: number;
};

/** Bands of `rows` examples. */
const inBandsOf = (rows: number): Shader<ScoreConstants> => ({
  wgsl: scoreSource,
  constants: { BAND: rows },
  workgroups: ({ M }) => [1, Math.ceil(M / rows)],
  flexible: true,
});

/**
 * Softmax cross-entropy: dz = (softmax(z) - onehot)/M. Also writes [loss, right] of each example behind the ring's slots,
 * where `tally` adds them up.
 */
export const score: Kernel<ScoreConstants, 'dz' | 'ring' | 'z' | 'labels'> = {
  name: 'score',
  bindings: { dz: 'write', ring: 'write', z: 'read', labels: 'read' },
  shader: everywhere(inBandsOf(64)),
  bands: { along: ['dz', 'ring', 'z', 'labels'], shader: () => inBandsOf(bandRows) },
  twin({ dz, ring, z, labels }, { M, N, SLOTS }) {
    for (let m = 0; m < M; m++) {
      const logits = z.subarray(m * N, (m + 1) * N);
      let best = 0;
      for (let n = 1; n < N; n++) if (logits[n] > logits[best]) best = n;
      let sum = 0;
      for (let n = 0; n < N; n++) sum += Math.exp(logits[n] - logits[best]);
      for (let n = 0; n < N; n++)
        dz[m * N + n] = (Math.exp(logits[n] - logits[best]) / sum - Number(n === labels[m])) / M;
      ring.set([Math.log(sum) + logits[best] - logits[labels[m]], Number(best === labels[m])], (SLOTS + m) * 2);
    }
  },
};

export type TallyConstants = {
  readonly M: number;
  readonly SLOTS: number;
  /** How many examples count in all; the last batch may reach beyond. */
  readonly COUNT: number;
};

/** Writes [sum of losses, number right] of the batch to the ring's slot `clock` mod SLOTS, and adds 1 to the clock. */
export const tally: Kernel<TallyConstants, 'ring' | 'clock'> = {
  name: 'tally',
  bindings: { ring: 'write', clock: 'write' },
  shader: everywhere({ wgsl: tallySource, workgroups: () => [1, 1], flexible: true }),
  twin({ ring, clock }, { M, SLOTS, COUNT }) {
    let [losses, right] = [0, 0];
    for (let m = 0; m < M && clock[0] * M + m < COUNT; m++) {
      losses += ring[(SLOTS + m) * 2];
      right += ring[(SLOTS + m) * 2 + 1];
    }
    ring.set([losses, right], (clock[0] % SLOTS) * 2);
    clock[0]++;
  },
};
