import { stream } from '../model/rng.ts';
import { dispatch, type Dispatch } from './kernel.ts';
import { normal } from './kernels/noise.ts';
import type { Common } from './parameter.ts';
import type { Tensor } from './tensor.ts';

/** Draws the noise of layer `layer`, another one whenever the clock moves; nothing where it is injected. */
export function drawNoise(noise: Tensor, layer: number, common: Common, clock: Tensor, deviation: number): Dispatch[] {
  if (common.injected) return [];
  const constants = { COUNT: noise.size, DEVIATION: deviation, STREAM: stream('noise', layer) };
  return [dispatch(normal, { value: noise, seed: common.seed, clock }, constants)];
}
