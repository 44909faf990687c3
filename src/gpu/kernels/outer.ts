import any from '../../shaders/outer.wgsl?raw';
import fours from '../../shaders/outer4.wgsl?raw';
import type { Kernel } from '../kernel.ts';
import { isKept, masking } from './mask.ts';
import { multiply } from './multiply.ts';
import { inBlocks } from './product.ts';

export type OuterConstants = {
  /** Examples. */
  readonly M: number;
  /** Channels in: rows of v, without the bias. */
  readonly N: number;
  /** Channels out: columns of v. */
  readonly K: number;
  readonly BIAS: boolean;
  readonly MASKED: boolean;
};

/** Rows of the gradient that the twin holds in memory at once. */
const strip = 4;

/** One step of SGD (momentum, coupled decay; algorithms.md section 3) on v[N(+1),K] with the gradient x[M,N]ᵀ e[M,K]. */
export const outer: Kernel<OuterConstants, 'v' | 'velocity' | 'x' | 'e' | 'rates' | 'mask'> = {
  name: 'outer',
  bindings: { v: 'write', velocity: 'write', x: 'read', e: 'read', rates: 'read', mask: 'read' },
  shader: inBlocks({
    any,
    fours,
    strides: ({ M, N, K }) => [M, N, K],
    extent: ({ N, K, BIAS }) => ({ rows: N + Number(BIAS), columns: K }),
    ending: (constants) => masking(constants),
  }),
  twin({ v, velocity, x, e, rates, mask }, { M, N, K, BIAS, MASKED }) {
    const [rate, momentum, decay] = rates;
    const gradient = new Float64Array(strip * K);
    const descend = (row: number, rows: number): void => {
      for (let i = 0, at = row * K; i < rows * K; i++, at++) {
        const weight = v[at];
        const step = MASKED && !isKept(mask, at) ? 0 : momentum * velocity[at] + gradient[i] + decay * weight;
        velocity[at] = step;
        v[at] = weight - rate * step;
      }
    };
    const errors = { numbers: e, row: K, column: 1 };
    for (let n = 0; n < N; n += strip) {
      const rows = Math.min(strip, N - n);
      multiply(gradient, { numbers: x, start: n, row: 1, column: N }, errors, rows, K, M);
      descend(n, rows);
    }
    if (!BIAS) return;
    gradient.fill(0);
    for (let m = 0; m < M; m++) for (let k = 0; k < K; k++) gradient[k] += e[m * K + k];
    descend(N, 1);
  },
  native: (kernels, { v, velocity, x, e, rates, mask }, { M, N, K, BIAS, MASKED }) =>
    kernels.outer(v, velocity, x, e, rates, mask, M, N, K, BIAS, MASKED),
};
