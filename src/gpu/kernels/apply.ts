import any from '../../shaders/apply.wgsl?raw';
import fours from '../../shaders/apply4.wgsl?raw';
import relu from '../../shaders/relu.wgsl?raw';
import type { Kernel } from '../kernel.ts';
import { multiply } from './multiply.ts';
import { inBands, inBlocks, type Blocks } from './product.ts';

export type ApplyConstants = {
  /** Examples. */
  readonly M: number;
  /** Channels out. */
  readonly N: number;
  /** Channels in. */
  readonly K: number;
  /** Numbers in one replica of x and of v, which may both have more rows than are used. */
  readonly X_SIZE: number;
  readonly V_SIZE: number;
  readonly BIAS: boolean;
  readonly RELU: boolean;
};

const blocks: Blocks<ApplyConstants> = {
  any: any + relu,
  fours: fours + relu,
  strides: ({ N, K, X_SIZE, V_SIZE }) => [N, K, X_SIZE, V_SIZE],
  extent: ({ M, N }) => ({ rows: M, columns: N }),
};

/** z[M,N] = x[M,K] v[K,N] (+ v's row K) (then ReLU). */
export const apply: Kernel<ApplyConstants, 'z' | 'x' | 'v'> = {
  name: 'apply',
  bindings: { z: 'write', x: 'read', v: 'read' },
  shader: inBlocks(blocks),
  bands: inBands(blocks, ['z', 'x'], ({ M, N, K }) => M * N * K),
  twin({ z, x, v }, { M, N, K, BIAS, RELU }) {
    multiply(z, { numbers: x, row: K, column: 1 }, { numbers: v, row: N, column: 1 }, M, N, K);
    for (let m = 0; m < M; m++)
      for (let n = 0; n < N; n++) {
        const sum = z[m * N + n] + (BIAS ? v[K * N + n] : 0);
        z[m * N + n] = RELU && sum < 0 ? 0 : sum;
      }
  },
  native: (kernels, { z, x, v }, { M, N, K, BIAS, RELU }) => kernels.apply(z, x, v, M, N, K, BIAS, RELU),
};
