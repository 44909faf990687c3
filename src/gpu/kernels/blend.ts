import wgsl from '../../shaders/blend.wgsl?raw';
import type { Kernel } from '../kernel.ts';
import { strided } from './strided.ts';

export type BlendConstants = {
  readonly COUNT: number;
  /** Numbers of one tap: channels in times channels out. */
  readonly TAP_SIZE: number;
  readonly KEEP: number;
  readonly GAIN: number;
};

/** value = KEEP value + GAIN estimate / taps. taps[COUNT / TAP_SIZE] counts the positions that each tap is seen from. */
export const blend: Kernel<BlendConstants, 'value' | 'estimate' | 'taps'> = {
  name: 'blend',
  bindings: { value: 'write', estimate: 'read', taps: 'read' },
  shader: strided(wgsl, ({ COUNT }) => COUNT),
  twin({ value, estimate, taps }, { COUNT, TAP_SIZE, KEEP, GAIN }) {
    for (let first = 0, tap = 0; first < COUNT; first += TAP_SIZE, tap++) {
      const gain = GAIN / taps[tap];
      for (let i = first; i < first + TAP_SIZE; i++) value[i] = KEEP * value[i] + gain * estimate[i];
    }
  },
};
