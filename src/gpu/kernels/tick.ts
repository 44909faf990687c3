import wgsl from '../../shaders/tick.wgsl?raw';
import { everywhere, type Constants, type Kernel } from '../kernel.ts';

/** Moves a clock on. */
export const tick: Kernel<Constants, 'clock'> = {
  name: 'tick',
  bindings: { clock: 'write' },
  shader: everywhere({ wgsl, workgroups: () => [1, 1], flexible: true }),
  twin({ clock }) {
    clock[0]++;
  },
};
