import { drawWords, unit } from '../../model/rng.ts';
import mixSource from '../../shaders/mix.wgsl?raw';
import philox from '../../shaders/philox.wgsl?raw';
import type { Kernel } from '../kernel.ts';
import { strided } from './strided.ts';

export type MixConstants = {
  readonly COUNT: number;
  /** Shares of the connections that belong to the path and that are fixed; the rest is copied. */
  readonly PATH_SHARE: number;
  readonly FIXED_SHARE: number;
  /** Explicit synapses only: connections of the path are 0. */
  readonly EXPLICIT: boolean;
  readonly STREAM: number;
};

/** value = path, fixed or copied, for each connection as its kind says, which is drawn once from (seed, STREAM). */
export const mix: Kernel<MixConstants, 'value' | 'path' | 'frozen' | 'copied' | 'seed'> = {
  name: 'mix',
  bindings: { value: 'write', path: 'read', frozen: 'read', copied: 'read', seed: 'read' },
  shader: strided(philox + mixSource, ({ COUNT }) => Math.ceil(COUNT / 4)),
  twin({ value, path, frozen, copied, seed }, { COUNT, PATH_SHARE, FIXED_SHARE, EXPLICIT, STREAM }) {
    // In float32, as in the shader: in float64 a draw may fall on the other side of a share.
    const [toPath, toFixed] = [
      Math.fround(PATH_SHARE),
      Math.fround(Math.fround(PATH_SHARE) + Math.fround(FIXED_SHARE)),
    ];
    drawWords(seed[0], STREAM, 0, COUNT, (i, word) => {
      const u = unit(word);
      if (u < toPath) value[i] = EXPLICIT ? 0 : path[i];
      else value[i] = u < toFixed ? frozen[i] : copied[i];
    });
  },
  native: (kernels, { value, path, frozen, copied, seed }, { COUNT, PATH_SHARE, FIXED_SHARE, EXPLICIT, STREAM }) =>
    kernels.mix(value, path, frozen, copied, COUNT, seed, STREAM, PATH_SHARE, FIXED_SHARE, EXPLICIT),
};
