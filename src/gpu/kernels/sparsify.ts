import cutSource from '../../shaders/cut.wgsl?raw';
import thinSource from '../../shaders/thin.wgsl?raw';
import { everywhere, workgroupsFor, type Kernel } from '../kernel.ts';
import { isKept, maskWords } from './mask.ts';

export type ThinConstants = { readonly COUNT: number; readonly RESCALED: boolean };

/** value = mask ∘ full (/ √density): what sparse feedback leaves of a fixed tensor (algorithms.md section 10). */
export const thin: Kernel<ThinConstants, 'value' | 'full' | 'mask' | 'rates'> = {
  name: 'thin',
  bindings: { value: 'write', full: 'read', mask: 'read', rates: 'read' },
  shader: everywhere({ wgsl: thinSource, workgroups: ({ COUNT }) => workgroupsFor(COUNT, 64) }),
  twin({ value, full, mask, rates }, { COUNT, RESCALED }) {
    const scale = RESCALED ? 1 / Math.sqrt(rates[3]) : 1;
    for (let i = 0; i < COUNT; i++) value[i] = isKept(mask, i) ? full[i] * scale : 0;
  },
  native: (kernels, { value, full, mask, rates }, { COUNT, RESCALED }) =>
    kernels.thin(value, full, mask, COUNT, RESCALED ? rates : 0),
};

export type CutConstants = { readonly COUNT: number };

/** value = mask ∘ value: what sparse feedback leaves of a learned tensor. */
export const cut: Kernel<CutConstants, 'value' | 'mask'> = {
  name: 'cut',
  bindings: { value: 'write', mask: 'read' },
  shader: everywhere({ wgsl: cutSource, workgroups: ({ COUNT }) => workgroupsFor(maskWords(COUNT), 64) }),
  twin({ value, mask }, { COUNT }) {
    for (let word = 0; word < maskWords(COUNT); word++) {
      if (mask[word] === 2 ** 32 - 1) continue;
      const last = Math.min(word * 32 + 32, COUNT);
      for (let i = word * 32; i < last; i++) if (!isKept(mask, i)) value[i] = 0;
    }
  },
  native: (kernels, { value, mask }, { COUNT }) => kernels.thin(value, value, mask, COUNT, 0),
};
