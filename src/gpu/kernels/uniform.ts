import { drawWords, unit } from '../../model/rng.ts';
import philox from '../../shaders/philox.wgsl?raw';
import uniformSource from '../../shaders/uniform.wgsl?raw';
import type { Kernel } from '../kernel.ts';
import { strided } from './strided.ts';

export type UniformConstants = {
  /** Numbers to fill, from the first on. */
  readonly COUNT: number;
  /** Numbers in one replica. */
  readonly SIZE: number;
  readonly BOUND: number;
  /** See `stream` in model/rng.ts. */
  readonly STREAM: number;
  /** Another draw at every step. */
  readonly STEPPED: boolean;
};

/** value = U(-BOUND, BOUND), drawn from (seed, STREAM, step). */
export const uniform: Kernel<UniformConstants, 'value' | 'seed' | 'clock'> = {
  name: 'uniform',
  bindings: { value: 'write', seed: 'read', clock: 'read' },
  shader: strided(philox + uniformSource, ({ COUNT }) => Math.ceil(COUNT / 4)),
  twin({ value, seed, clock }, { COUNT, BOUND, STREAM, STEPPED }) {
    drawWords(seed[0], STREAM, STEPPED ? clock[0] : 0, COUNT, (i, word) => (value[i] = BOUND * (2 * unit(word) - 1)));
  },
  native: (kernels, { value, seed, clock }, { COUNT, BOUND, STREAM, STEPPED }) =>
    kernels.uniform(value, COUNT, BOUND, seed, STREAM, STEPPED ? clock : 0),
};
