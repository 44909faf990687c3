import blendSource from '../../shaders/blend.wgsl?raw';
import combineSource from '../../shaders/combine.wgsl?raw';
import superposeSource from '../../shaders/superpose.wgsl?raw';
import tickSource from '../../shaders/tick.wgsl?raw';
import { everywhere, workgroupsFor, type Constants, type Kernel } from '../kernel.ts';

export type BlendConstants = {
  readonly COUNT: number;
  /** Numbers of one tap: channels in times channels out. */
  readonly TAP_SIZE: number;
  readonly KEEP: number;
  readonly GAIN: number;
};

/** value = KEEP value + GAIN estimate / taps, taps[COUNT / TAP_SIZE] counting the positions that each tap is seen from. */
export const blend: Kernel<BlendConstants, 'value' | 'estimate' | 'taps'> = {
  name: 'blend',
  bindings: { value: 'write', estimate: 'read', taps: 'read' },
  shader: everywhere({ wgsl: blendSource, workgroups: ({ COUNT }) => workgroupsFor(COUNT, 64) }),
  twin({ value, estimate, taps }, { COUNT, TAP_SIZE, KEEP, GAIN }) {
    for (let first = 0, tap = 0; first < COUNT; first += TAP_SIZE, tap++) {
      const gain = GAIN / taps[tap];
      for (let i = first; i < first + TAP_SIZE; i++) value[i] = KEEP * value[i] + gain * estimate[i];
    }
  },
};

export type CombineConstants = { readonly COUNT: number; readonly GAIN: number };

/** value = a + GAIN b. */
export const combine: Kernel<CombineConstants, 'value' | 'a' | 'b'> = {
  name: 'combine',
  bindings: { value: 'write', a: 'read', b: 'read' },
  shader: everywhere({ wgsl: combineSource, workgroups: ({ COUNT }) => workgroupsFor(COUNT, 64) }),
  twin({ value, a, b }, { COUNT, GAIN }) {
    for (let i = 0; i < COUNT; i++) value[i] = a[i] + GAIN * b[i];
  },
};

/** value = a + p b + q c, [p, q] being the replica's factors. */
export const superpose: Kernel<{ readonly COUNT: number }, 'value' | 'factors' | 'a' | 'b' | 'c'> = {
  name: 'superpose',
  bindings: { value: 'write', factors: 'read', a: 'read', b: 'read', c: 'read' },
  shader: everywhere({ wgsl: superposeSource, workgroups: ({ COUNT }) => workgroupsFor(COUNT, 64) }),
  twin({ value, factors, a, b, c }, { COUNT }) {
    const [p, q] = factors;
    for (let i = 0; i < COUNT; i++) value[i] = a[i] + p * b[i] + q * c[i];
  },
};

/** Moves a clock on. */
export const tick: Kernel<Constants, 'clock'> = {
  name: 'tick',
  bindings: { clock: 'write' },
  shader: everywhere({ wgsl: tickSource, workgroups: () => [1, 1] }),
  twin({ clock }) {
    clock[0]++;
  },
};
