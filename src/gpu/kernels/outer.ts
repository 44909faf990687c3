import wgsl from '../../shaders/outer.wgsl?raw';
import { everywhere, type Kernel } from '../kernel.ts';
import { isKept } from './mask.ts';

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

/**
 * One step of SGD (momentum, coupled decay; algorithms.md section 3) on v[N(+1),K] with the gradient x[M,N]ᵀ e[M,K].
 * Under rates of zero v stays as it is and the velocity becomes the bare gradient: that is how the metrics get it.
 */
export const outer: Kernel<OuterConstants, 'v' | 'velocity' | 'x' | 'e' | 'rates' | 'mask'> = {
  name: 'outer',
  bindings: { v: 'write', velocity: 'write', x: 'read', e: 'read', rates: 'read', mask: 'read' },
  shaders: everywhere({
    wgsl,
    workgroups: ({ N, K, BIAS }) => [Math.ceil(K / 64), Math.ceil((Math.ceil(N / 8) + Number(BIAS)) / 4)],
  }),
  twin({ v, velocity, x, e, rates, mask }, { M, N, K, BIAS, MASKED }) {
    const [rate, momentum, decay] = rates;
    const gradient = new Float64Array(K);
    for (let n = 0; n < N + Number(BIAS); n++) {
      gradient.fill(0);
      for (let m = 0; m < M; m++) {
        const factor = n === N ? 1 : x[m * N + n];
        if (factor === 0) continue;
        for (let k = 0; k < K; k++) gradient[k] += factor * e[m * K + k];
      }
      for (let k = 0; k < K; k++) {
        const i = n * K + k;
        velocity[i] = momentum * velocity[i] + gradient[k] + decay * v[i];
        v[i] = MASKED && !isKept(mask, i) ? 0 : v[i] - rate * velocity[i];
      }
    }
  },
};
