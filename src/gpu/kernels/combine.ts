import combineSource from '../../shaders/combine.wgsl?raw';
import superposeSource from '../../shaders/superpose.wgsl?raw';
import type { Kernel } from '../kernel.ts';
import { strided } from './strided.ts';

export type CombineConstants = { readonly COUNT: number; readonly GAIN: number };

/** value = a + GAIN b. */
export const combine: Kernel<CombineConstants, 'value' | 'a' | 'b'> = {
  name: 'combine',
  bindings: { value: 'write', a: 'read', b: 'read' },
  shader: strided(combineSource, ({ COUNT }) => COUNT),
  twin({ value, a, b }, { COUNT, GAIN }) {
    for (let i = 0; i < COUNT; i++) value[i] = a[i] + GAIN * b[i];
  },
};

/** value = a + p b + q c, [p, q] being the replica's factors. */
export const superpose: Kernel<{ readonly COUNT: number }, 'value' | 'factors' | 'a' | 'b' | 'c'> = {
  name: 'superpose',
  bindings: { value: 'write', factors: 'read', a: 'read', b: 'read', c: 'read' },
  shader: strided(superposeSource, ({ COUNT }) => COUNT),
  twin({ value, factors, a, b, c }, { COUNT }) {
    const [p, q] = factors;
    for (let i = 0; i < COUNT; i++) value[i] = a[i] + p * b[i] + q * c[i];
  },
};
