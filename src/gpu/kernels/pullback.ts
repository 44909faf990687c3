import wgsl from '../../shaders/pullback.wgsl?raw';
import { everywhere, type Kernel } from '../kernel.ts';

export type PullbackConstants = {
  /** Examples. */
  readonly M: number;
  /** Channels in: rows of v. */
  readonly N: number;
  /** Channels of the error: columns of v. */
  readonly K: number;
  /** Numbers in one replica of v. */
  readonly V_SIZE: number;
  /** Multiply by ReLU' of x. */
  readonly MASK: boolean;
  /** Add to what dx holds. */
  readonly ADD: boolean;
};

/** dx[M,N] = e[M,K] v[N,K]ᵀ (∘ 1[x > 0]) (+ dx). */
export const pullback: Kernel<PullbackConstants, 'dx' | 'e' | 'v' | 'x'> = {
  name: 'pullback',
  bindings: { dx: 'write', e: 'read', v: 'read', x: 'read' },
  shaders: everywhere({ wgsl, workgroups: ({ M, N }) => [Math.ceil(N / 64), Math.ceil(M / 32)] }),
  twin({ dx, e, v, x }, { M, N, K, MASK, ADD }) {
    for (let m = 0; m < M; m++)
      for (let n = 0; n < N; n++) {
        const i = m * N + n;
        let sum = 0;
        if (!MASK || x[i] > 0) for (let k = 0; k < K; k++) sum += e[m * K + k] * v[n * K + k];
        dx[i] = ADD ? dx[i] + sum : sum;
      }
  },
};
