import any from '../../shaders/pullback.wgsl?raw';
import fours from '../../shaders/pullback4.wgsl?raw';
import type { Kernel } from '../kernel.ts';
import { multiply } from './multiply.ts';
import { inBands, inBlocks, type Blocks } from './product.ts';

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

const blocks: Blocks<PullbackConstants> = {
  any,
  fours,
  strides: ({ N, K, V_SIZE }) => [N, K, V_SIZE],
  extent: ({ M, N }) => ({ rows: M, columns: N }),
};

/** dx[M,N] = e[M,K] v[N,K]ᵀ (∘ 1[x > 0]) (+ dx). */
export const pullback: Kernel<PullbackConstants, 'dx' | 'e' | 'v' | 'x'> = {
  name: 'pullback',
  bindings: { dx: 'write', e: 'read', v: 'read', x: 'read' },
  shader: inBlocks(blocks),
  bands: inBands(blocks, ['dx', 'e', 'x'], ({ M, N, K }) => M * N * K),
  twin({ dx, e, v, x }, { M, N, K, MASK, ADD }) {
    const before = ADD ? dx.slice(0, M * N) : null;
    multiply(dx, { numbers: e, row: K, column: 1 }, { numbers: v, row: 1, column: K }, M, N, K);
    if (MASK) for (let i = 0; i < M * N; i++) if (!(x[i] > 0)) dx[i] = 0;
    if (before) for (let i = 0; i < M * N; i++) dx[i] += before[i];
  },
  native: (kernels, { dx, e, v, x }, { M, N, K, MASK, ADD }) => kernels.pullback(dx, e, v, x, M, N, K, MASK, ADD),
};
