import wgsl from '../../shaders/tick.wgsl?raw';
import { everywhere, type Constants, type Kernel } from '../kernel.ts';

/** Adds 1 to a clock. */
export const tick: Kernel<Constants, 'clock'> = {
  name: 'tick',
  bindings: { clock: 'write' },
  shader: everywhere({ wgsl, workgroups: () => [1, 1], flexible: true }),
  twin({ clock }) {
    clock[0]++;
  },
};
