import wgsl from '../../shaders/fill.wgsl?raw';
import { everywhere, workgroupsFor, type Kernel } from '../kernel.ts';

export type FillConstants = {
  /** Numbers of a row. */
  readonly N: number;
  readonly FIRST: number;
  readonly SECOND: number;
};

/** value[2,N]: FIRST all along the first row, SECOND along the second. */
export const fill: Kernel<FillConstants, 'value'> = {
  name: 'fill',
  bindings: { value: 'write' },
  shader: everywhere({ wgsl, workgroups: ({ N }) => workgroupsFor(2 * N, 64) }),
  twin({ value }, { N, FIRST, SECOND }) {
    value.fill(FIRST, 0, N);
    value.fill(SECOND, N);
  },
};
