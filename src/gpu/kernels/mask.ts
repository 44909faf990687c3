import { drawWords, unit } from '../../model/rng.ts';
import maskSource from '../../shaders/mask.wgsl?raw';
import masked from '../../shaders/masked.wgsl?raw';
import philox from '../../shaders/philox.wgsl?raw';
import unmasked from '../../shaders/unmasked.wgsl?raw';
import { everywhere, workgroupsFor, type Kernel } from '../kernel.ts';
import type { Numbers } from '../tensor.ts';

export type MaskConstants = {
  /** Connections. */
  readonly COUNT: number;
  readonly STREAM: number;
};

/** Words that hold the bits of `count` connections. */
export const maskWords = (count: number): number => Math.ceil(count / 32);

/** Whether connection `i` is kept. */
export const isKept = (mask: Numbers, i: number): boolean => ((mask[i >>> 5] >>> (i & 31)) & 1) === 1;

/** The end of an update's shader: applies the mask that cuts its tensor, which is bound only if there is one. */
export const masking = ({ MASKED }: { readonly MASKED: boolean }): string => (MASKED ? masked : unmasked);

/** Bit i = (u_i < density). u_i depends on (seed, STREAM) only, so a sparser mask cuts a superset (design.md section 5). */
export const mask: Kernel<MaskConstants, 'mask' | 'seed' | 'rates'> = {
  name: 'mask',
  bindings: { mask: 'write', seed: 'read', rates: 'read' },
  shader: everywhere({ wgsl: philox + maskSource, workgroups: ({ COUNT }) => workgroupsFor(maskWords(COUNT), 64) }),
  twin({ mask: bits, seed, rates }, { COUNT, STREAM }) {
    // Dense feedback needs no draws.
    bits.fill(rates[3] >= 1 ? 2 ** 32 - 1 : 0);
    if (rates[3] >= 1) return;
    drawWords(seed[0], STREAM, 0, maskWords(COUNT) * 32, (i, word) => {
      if (unit(word) < rates[3]) bits[i >>> 5] |= 1 << (i & 31);
    });
  },
  native: (kernels, { mask: bits, seed, rates }, { COUNT, STREAM }) => kernels.mask(bits, COUNT, seed, rates, STREAM),
};
