import wgsl from '../../shaders/follow.wgsl?raw';
import type { Kernel } from '../kernel.ts';
import { isKept } from './mask.ts';
import { strided } from './strided.ts';

export type FollowConstants = {
  /** Numbers in one replica of value. */
  readonly COUNT: number;
  /** Numbers in one replica of the weight, which may end in a bias row. */
  readonly W_SIZE: number;
  readonly MAGNITUDE: number;
  /** Take |magnitude[i]| instead of MAGNITUDE. */
  readonly DRAWN: boolean;
};

/** value = mask ∘ sign(weight) ∘ magnitude. */
export const follow: Kernel<FollowConstants, 'value' | 'weight' | 'magnitude' | 'mask'> = {
  name: 'follow',
  bindings: { value: 'write', weight: 'read', magnitude: 'read', mask: 'read' },
  shader: strided(wgsl, ({ COUNT }) => COUNT),
  twin({ value, weight, magnitude, mask }, { COUNT, MAGNITUDE, DRAWN }) {
    for (let i = 0; i < COUNT; i++)
      value[i] = isKept(mask, i) ? Math.sign(weight[i]) * (DRAWN ? Math.abs(magnitude[i]) : MAGNITUDE) : 0;
  },
  native: (kernels, { value, weight, magnitude, mask }, { COUNT, MAGNITUDE, DRAWN }) =>
    kernels.follow(value, weight, magnitude, mask, COUNT, MAGNITUDE, DRAWN),
};
