import momentsSource from '../../shaders/moments.wgsl?raw';
import normaliseSource from '../../shaders/normalise.wgsl?raw';
import relu from '../../shaders/relu.wgsl?raw';
import normGradientSource from '../../shaders/norm-gradient.wgsl?raw';
import normPullbackSource from '../../shaders/norm-pullback.wgsl?raw';
import poolMomentsSource from '../../shaders/pool-moments.wgsl?raw';
import trackSource from '../../shaders/track.wgsl?raw';
import { everywhere, workgroupsFor, type Kernel } from '../kernel.ts';

/** Added to the variance before its root (algorithms.md section 6). */
const epsilon = 1e-5;

export type NormConstants = {
  /** Rows: examples and positions. */
  readonly M: number;
  /** Channels. */
  readonly N: number;
};

/** Pieces that a sum over M rows is cut into: enough to fill a GPU, few enough to add up. Their order is fixed. */
export const piecesOf = (m: number): number => Math.min(256, Math.ceil(m / 32));

/** A thread for each channel of 16 rows, so that it reads the channel's statistics only once. */
const sixteenRows = ({ M, N }: NormConstants) => workgroupsFor(N * Math.ceil(M / 16), 64);

/** partial[pieces,2,N] = mean and sum of squared deviations of each piece of x[M,N]. */
export const moments: Kernel<NormConstants & { readonly PIECES: number }, 'partial' | 'x'> = {
  name: 'moments',
  bindings: { partial: 'write', x: 'read' },
  shader: everywhere({ wgsl: momentsSource, workgroups: ({ N, PIECES }) => workgroupsFor(N * PIECES, 64) }),
  twin({ partial, x }, { M, N, PIECES }) {
    const rows = Math.ceil(M / PIECES);
    partial.fill(0);
    for (let piece = 0; piece < PIECES; piece++) {
      const [from, to] = [piece * rows, Math.min((piece + 1) * rows, M)];
      for (let n = 0; n < N; n++) {
        let [mean, squares] = [0, 0];
        for (let m = from; m < to; m++) mean += x[m * N + n] / (to - from);
        for (let m = from; m < to; m++) squares += (x[m * N + n] - mean) ** 2;
        partial[piece * 2 * N + n] = mean;
        partial[piece * 2 * N + N + n] = squares;
      }
    }
  },
};

/** statistics[2,N] = mean and biased variance of all M rows, from the pieces' moments. */
export const poolMoments: Kernel<NormConstants & { readonly PIECES: number }, 'statistics' | 'partial'> = {
  name: 'poolMoments',
  bindings: { statistics: 'write', partial: 'read' },
  shader: everywhere({ wgsl: poolMomentsSource, workgroups: ({ N }) => workgroupsFor(N, 64) }),
  twin({ statistics, partial }, { M, N, PIECES }) {
    const rows = Math.ceil(M / PIECES);
    const rowsOf = (piece: number): number => Math.max(0, Math.min(rows, M - piece * rows));
    for (let n = 0; n < N; n++) {
      let [mean, squares] = [0, 0];
      for (let piece = 0; piece < PIECES; piece++) mean += (rowsOf(piece) / M) * partial[piece * 2 * N + n];
      for (let piece = 0; piece < PIECES; piece++)
        squares += partial[piece * 2 * N + N + n] + rowsOf(piece) * (partial[piece * 2 * N + n] - mean) ** 2;
      statistics[n] = mean;
      statistics[N + n] = squares / M;
    }
  },
};

/** y = scale (x - mean) / √(variance + ε) + shift (then ReLU), scale and shift being the two rows of v[2,N]. */
export const normalise: Kernel<NormConstants & { readonly RELU: boolean }, 'y' | 'x' | 'statistics' | 'v'> = {
  name: 'normalise',
  bindings: { y: 'write', x: 'read', statistics: 'read', v: 'read' },
  shader: everywhere({ wgsl: relu + normaliseSource, workgroups: sixteenRows }),
  twin({ y, x, statistics, v }, { M, N, RELU }) {
    for (let i = 0; i < M * N; i++) {
      const n = i % N;
      const value = ((x[i] - statistics[n]) / Math.sqrt(statistics[N + n] + epsilon)) * v[n] + v[N + n];
      y[i] = RELU && value < 0 ? 0 : value;
    }
  },
};

/** running = 0.9 running + 0.1 statistics, the variance unbiased. */
export const track: Kernel<NormConstants, 'running' | 'statistics'> = {
  name: 'track',
  bindings: { running: 'write', statistics: 'read' },
  shader: everywhere({ wgsl: trackSource, workgroups: ({ N }) => workgroupsFor(2 * N, 64) }),
  twin({ running, statistics }, { M, N }) {
    for (let i = 0; i < 2 * N; i++) {
      const unbiased = i < N ? 1 : M / Math.max(M - 1, 1);
      running[i] += 0.1 * (statistics[i] * unbiased - running[i]);
    }
  },
};

/** partial[pieces,2,N] = the gradients of scale and shift, Σ e x̂ and Σ e, over each piece of the rows. */
export const normGradient: Kernel<NormConstants & { readonly PIECES: number }, 'partial' | 'e' | 'x' | 'statistics'> = {
  name: 'normGradient',
  bindings: { partial: 'write', e: 'read', x: 'read', statistics: 'read' },
  shader: everywhere({ wgsl: normGradientSource, workgroups: ({ N, PIECES }) => workgroupsFor(N * PIECES, 64) }),
  twin({ partial, e, x, statistics }, { M, N, PIECES }) {
    const rows = Math.ceil(M / PIECES);
    partial.fill(0);
    for (let piece = 0; piece < PIECES; piece++)
      for (let m = piece * rows; m < Math.min((piece + 1) * rows, M); m++)
        for (let n = 0; n < N; n++) {
          const error = e[m * N + n];
          const hat = (x[m * N + n] - statistics[n]) / Math.sqrt(statistics[N + n] + epsilon);
          partial[piece * 2 * N + n] += error * hat;
          partial[piece * 2 * N + N + n] += error;
        }
  },
};

/**
 * dx = scale / √(variance + ε) (e - mean of e - x̂ mean of e x̂) (∘ 1[x > 0]) (+ dx), exactly. sums[2,N] is the sum of
 * normGradient's partial sums.
 */
export const normPullback: Kernel<
  NormConstants & { readonly MASK: boolean; readonly ADD: boolean },
  'dx' | 'e' | 'x' | 'statistics' | 'v' | 'sums'
> = {
  name: 'normPullback',
  bindings: { dx: 'write', e: 'read', x: 'read', statistics: 'read', v: 'read', sums: 'read' },
  shader: everywhere({ wgsl: normPullbackSource, workgroups: sixteenRows }),
  twin({ dx, e, x, statistics, v, sums }, { M, N, MASK, ADD }) {
    for (let i = 0; i < M * N; i++) {
      const n = i % N;
      const scale = 1 / Math.sqrt(statistics[N + n] + epsilon);
      const hat = (x[i] - statistics[n]) * scale;
      const error = !MASK || x[i] > 0 ? v[n] * scale * (e[i] - (sums[N + n] + hat * sums[n]) / M) : 0;
      dx[i] = ADD ? dx[i] + error : error;
    }
  },
};
