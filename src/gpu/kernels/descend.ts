import descendSource from '../../shaders/descend.wgsl?raw';
import totalSource from '../../shaders/total.wgsl?raw';
import { everywhere, workgroupsFor, type Kernel } from '../kernel.ts';
import { isKept, masking } from './mask.ts';
import { strided } from './strided.ts';

export type TotalConstants = {
  /** Numbers of a partial sum. */
  readonly COUNT: number;
  readonly PIECES: number;
};

/** sum[COUNT] = the sum of the pieces of partial[PIECES,COUNT]. */
export const total: Kernel<TotalConstants, 'sum' | 'partial'> = {
  name: 'total',
  bindings: { sum: 'write', partial: 'read' },
  shader: everywhere({ wgsl: totalSource, workgroups: ({ COUNT }) => workgroupsFor(COUNT, 64) }),
  twin({ sum, partial }, { COUNT, PIECES }) {
    sum.fill(0);
    for (let piece = 0; piece < PIECES; piece++) for (let i = 0; i < COUNT; i++) sum[i] += partial[piece * COUNT + i];
  },
};

/**
 * One step of SGD (momentum, coupled decay; algorithms.md section 3) on v[COUNT]. Its gradient is the sum of
 * partial[PIECES,COUNT].
 */
export const descend: Kernel<
  TotalConstants & { readonly MASKED: boolean },
  'v' | 'velocity' | 'partial' | 'rates' | 'mask'
> = {
  name: 'descend',
  bindings: { v: 'write', velocity: 'write', partial: 'read', rates: 'read', mask: 'read' },
  shader: strided(
    (constants) => descendSource + masking(constants),
    ({ COUNT }) => COUNT,
  ),
  twin({ v, velocity, partial, rates, mask }, { COUNT, PIECES, MASKED }) {
    const [rate, momentum, decay] = rates;
    for (let i = 0; i < COUNT; i++) {
      let gradient = 0;
      for (let piece = 0; piece < PIECES; piece++) gradient += partial[piece * COUNT + i];
      velocity[i] = MASKED && !isKept(mask, i) ? 0 : momentum * velocity[i] + gradient + decay * v[i];
      v[i] -= rate * velocity[i];
    }
  },
  native: (kernels, { v, velocity, partial, rates, mask }, { COUNT, PIECES, MASKED }) =>
    kernels.descend(v, velocity, partial, rates, mask, COUNT, PIECES, MASKED),
};
