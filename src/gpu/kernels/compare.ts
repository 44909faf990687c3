import angleSource from '../../shaders/angle.wgsl?raw';
import normsSource from '../../shaders/norms.wgsl?raw';
import { everywhere, type Kernel } from '../kernel.ts';

export type CompareConstants = {
  /** Numbers to compare, from the first on. */
  readonly COUNT: number;
  /** Numbers in one replica of u and of v. */
  readonly U_SIZE: number;
  readonly V_SIZE: number;
};

/** Partial sums that a comparison leaves: 64 pairs. */
export const partials = 64;

/** Where the pair of number i's workgroup lies: 64 numbers each, in turns. */
const groupOf = (i: number): number => 2 * (Math.floor(i / 64) % partials);

/** partial = [Σ u², Σ v²]. */
export const norms: Kernel<CompareConstants, 'partial' | 'u' | 'v'> = {
  name: 'norms',
  bindings: { partial: 'write', u: 'read', v: 'read' },
  shader: everywhere({ wgsl: normsSource, workgroups: () => [partials, 1] }),
  twin({ partial, u, v }, { COUNT }) {
    partial.fill(0);
    for (let i = 0; i < COUNT; i++) {
      const group = groupOf(i);
      partial[group] += u[i] * u[i];
      partial[group + 1] += v[i] * v[i];
    }
  },
};

/** partial = [Σ (û - v̂)², Σ (û + v̂)²], û and v̂ being u and v scaled to norm 1. */
export const angle: Kernel<CompareConstants, 'partial' | 'norms' | 'u' | 'v'> = {
  name: 'angle',
  bindings: { partial: 'write', norms: 'read', u: 'read', v: 'read' },
  shader: everywhere({ wgsl: angleSource, workgroups: () => [partials, 1] }),
  twin({ partial, norms: squares, u, v }, { COUNT }) {
    const [uu, vv] = sumPairs(squares);
    partial.fill(0);
    for (let i = 0; i < COUNT; i++) {
      const a = u[i] / Math.sqrt(uu);
      const b = v[i] / Math.sqrt(vv);
      const group = groupOf(i);
      partial[group] += (a - b) ** 2;
      partial[group + 1] += (a + b) ** 2;
    }
  },
};

/** Adds up partial sums. */
export function sumPairs(partial: ArrayLike<number>): [number, number] {
  let first = 0;
  let second = 0;
  for (let i = 0; i < partial.length; i += 2) {
    first += partial[i];
    second += partial[i + 1];
  }
  return [first, second];
}
