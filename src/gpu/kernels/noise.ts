import { drawWords, unit } from '../../model/rng.ts';
import centreSource from '../../shaders/centre.wgsl?raw';
import normalSource from '../../shaders/normal.wgsl?raw';
import perturbSource from '../../shaders/perturb.wgsl?raw';
import relu from '../../shaders/relu.wgsl?raw';
import philox from '../../shaders/philox.wgsl?raw';
import { everywhere, workgroupsFor, type Kernel } from '../kernel.ts';
import { strided } from './strided.ts';

export type NormalConstants = {
  readonly COUNT: number;
  readonly DEVIATION: number;
  /** See `stream` in model/rng.ts. */
  readonly STREAM: number;
};

/** value = DEVIATION · N(0, 1), drawn from (seed, STREAM, clock). */
export const normal: Kernel<NormalConstants, 'value' | 'seed' | 'clock'> = {
  name: 'normal',
  bindings: { value: 'write', seed: 'read', clock: 'read' },
  shader: strided(philox + normalSource, ({ COUNT }) => Math.ceil(COUNT / 4)),
  twin({ value, seed, clock }, { COUNT, DEVIATION, STREAM }) {
    let radius = 0;
    drawWords(seed[0], STREAM, clock[0], COUNT + (COUNT & 1), (i, word) => {
      if ((i & 1) === 0) {
        radius = DEVIATION * Math.sqrt(-2 * Math.log(1 - unit(word)));
        return;
      }
      const angle = 2 * Math.PI * unit(word);
      value[i - 1] = radius * Math.cos(angle);
      if (i < COUNT) value[i] = radius * Math.sin(angle);
    });
  },
  native: (kernels, { value, seed, clock }, { COUNT, DEVIATION, STREAM }) =>
    kernels.normal(value, COUNT, DEVIATION, seed, STREAM, clock),
};

export type CentreConstants = {
  /** Rows: examples and positions. */
  readonly M: number;
  /** Channels. */
  readonly N: number;
};

/** Subtracts from every channel of value[M,N] its mean over the rows, in place. */
export const centre: Kernel<CentreConstants, 'value'> = {
  name: 'centre',
  bindings: { value: 'write' },
  shader: everywhere({ wgsl: centreSource, workgroups: ({ N }) => workgroupsFor(N, 1) }),
  twin({ value }, { M, N }) {
    for (let n = 0; n < N; n++) {
      let mean = 0;
      for (let m = 0; m < M; m++) mean += value[m * N + n] / M;
      for (let m = 0; m < M; m++) value[m * N + n] -= mean;
    }
  },
};

export type PerturbConstants = { readonly COUNT: number };

/** z = ReLU(z + noise). */
export const perturb: Kernel<PerturbConstants, 'z' | 'noise'> = {
  name: 'perturb',
  bindings: { z: 'write', noise: 'read' },
  shader: strided(relu + perturbSource, ({ COUNT }) => COUNT),
  twin({ z, noise }, { COUNT }) {
    for (let i = 0; i < COUNT; i++) z[i] = Math.max(0, z[i] + noise[i]);
  },
};
