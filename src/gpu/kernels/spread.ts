import wgsl from '../../shaders/spread.wgsl?raw';
import { everywhere, workgroupsFor, type Kernel } from '../kernel.ts';

export type SpreadConstants = {
  /** Examples. */
  readonly M: number;
  readonly POSITIONS: number;
  readonly CHANNELS: number;
};

/** y[M,POSITIONS,CHANNELS] = x[M,CHANNELS] at every position. */
export const spread: Kernel<SpreadConstants, 'y' | 'x'> = {
  name: 'spread',
  bindings: { y: 'write', x: 'read' },
  shader: everywhere({
    wgsl,
    workgroups: ({ M, POSITIONS, CHANNELS }) => workgroupsFor(M * POSITIONS * CHANNELS, 64),
  }),
  twin({ y, x }, { M, POSITIONS, CHANNELS }) {
    for (let m = 0; m < M; m++)
      for (let p = 0; p < POSITIONS; p++)
        y.set(x.subarray(m * CHANNELS, (m + 1) * CHANNELS), (m * POSITIONS + p) * CHANNELS);
  },
};
