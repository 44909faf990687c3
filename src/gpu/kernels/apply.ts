import wgsl from '../../shaders/apply.wgsl?raw';
import { everywhere, type Kernel } from '../kernel.ts';

export type ApplyConstants = {
  /** Examples. */
  readonly M: number;
  /** Channels out. */
  readonly N: number;
  /** Channels in. */
  readonly K: number;
  /** Numbers in one replica of x and of v; either may have more rows than are used. */
  readonly X_SIZE: number;
  readonly V_SIZE: number;
  readonly BIAS: boolean;
  readonly RELU: boolean;
};

/** z[M,N] = x[M,K] v[K,N] (+ v's row K) (then ReLU). */
export const apply: Kernel<ApplyConstants, 'z' | 'x' | 'v'> = {
  name: 'apply',
  bindings: { z: 'write', x: 'read', v: 'read' },
  shaders: everywhere({ wgsl, workgroups: ({ M, N }) => [Math.ceil(N / 64), Math.ceil(M / 32)] }),
  twin({ z, x, v }, { M, N, K, BIAS, RELU }) {
    for (let m = 0; m < M; m++) {
      const row = z.subarray(m * N, (m + 1) * N);
      if (BIAS) row.set(v.subarray(K * N, (K + 1) * N));
      else row.fill(0);
      for (let k = 0; k < K; k++) {
        const factor = x[m * K + k];
        const from = k * N;
        for (let n = 0; n < N; n++) row[n] += factor * v[from + n];
      }
      if (RELU) for (let n = 0; n < N; n++) if (row[n] < 0) row[n] = 0;
    }
  },
};
