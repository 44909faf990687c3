import angleAny from '../../shaders/angle.wgsl?raw';
import angleFours from '../../shaders/angle4.wgsl?raw';
import innerSource from '../../shaders/inner.wgsl?raw';
import normsAny from '../../shaders/norms.wgsl?raw';
import normsFours from '../../shaders/norms4.wgsl?raw';
import partialSums from '../../shaders/partials.wgsl?raw';
import scales from '../../shaders/scales.wgsl?raw';
import straddleSource from '../../shaders/straddle.wgsl?raw';
import { areFours, type Constants, type Kernel } from '../kernel.ts';

export type CompareConstants = {
  /** Numbers to compare, from the first on. */
  readonly COUNT: number;
  /** Numbers in one replica of u and of v. */
  readonly U_SIZE: number;
  readonly V_SIZE: number;
};

/** Pairs of partial sums that a comparison leaves. Which numbers each of them covers depends on the adapter. */
export const partials = 64;

/**
 * A shader with a workgroup for each pair of partial sums. In software the cost of a barrier grows with the threads of a
 * workgroup, so there it has only as many as a vector has lanes.
 */
const inParts =
  <C extends Constants>(front: string, source: (constants: C) => string): Kernel<C, string>['shader'] =>
  (_, { small }) => ({
    wgsl: (constants) => front + source(constants),
    workgroups: () => [partials, 1],
    constants: { THREADS: small === 'quads' ? 4 : 64 },
  });

/** Chooses the shader that loads four numbers at once, where replicas are whole vectors of four. */
const whole =
  (any: string, fours: string) =>
  ({ COUNT, U_SIZE, V_SIZE }: CompareConstants): string =>
    areFours([COUNT, U_SIZE, V_SIZE]) ? fours : any;

/** How the twins cut `count` numbers into partial sums: where each begins and ends. */
const pieces = (count: number): [first: number, last: number][] => {
  const size = Math.ceil(count / partials);
  return Array.from({ length: partials }, (_, i) => [Math.min(i * size, count), Math.min((i + 1) * size, count)]);
};

/** partial = [Σ u², Σ v²]. */
export const norms: Kernel<CompareConstants, 'partial' | 'u' | 'v'> = {
  name: 'norms',
  bindings: { partial: 'write', u: 'read', v: 'read' },
  shader: inParts(partialSums, whole(normsAny, normsFours)),
  twin({ partial, u, v }, { COUNT }) {
    for (const [piece, [first, last]] of pieces(COUNT).entries()) {
      let [uu, vv] = [0, 0];
      for (let i = first; i < last; i++) {
        uu += u[i] * u[i];
        vv += v[i] * v[i];
      }
      partial[2 * piece] = uu;
      partial[2 * piece + 1] = vv;
    }
  },
};

/** partial = [Σ (û - v̂)², Σ (û + v̂)²], û and v̂ being u and v scaled to norm 1. */
export const angle: Kernel<CompareConstants, 'partial' | 'norms' | 'u' | 'v'> = {
  name: 'angle',
  bindings: { partial: 'write', norms: 'read', u: 'read', v: 'read' },
  shader: inParts(partialSums + scales, whole(angleAny, angleFours)),
  twin({ partial, norms: squares, u, v }, { COUNT }) {
    const [uScale, vScale] = sumPairs(squares).map((square) => 1 / Math.sqrt(square));
    for (const [piece, [first, last]] of pieces(COUNT).entries()) {
      let [minus, plus] = [0, 0];
      for (let i = first; i < last; i++) {
        const a = u[i] * uScale;
        const b = v[i] * vScale;
        minus += (a - b) * (a - b);
        plus += (a + b) * (a + b);
      }
      partial[2 * piece] = minus;
      partial[2 * piece + 1] = plus;
    }
  },
};

export type CountConstants = {
  /** Numbers of one replica of every tensor. */
  readonly COUNT: number;
};

/** partial = [Σ k a, Σ k b]. */
export const inner: Kernel<CountConstants, 'partial' | 'k' | 'a' | 'b'> = {
  name: 'inner',
  bindings: { partial: 'write', k: 'read', a: 'read', b: 'read' },
  shader: inParts(partialSums, () => innerSource),
  twin({ partial, k, a, b }, { COUNT }) {
    for (const [piece, [first, last]] of pieces(COUNT).entries()) {
      let [ka, kb] = [0, 0];
      for (let i = first; i < last; i++) {
        ka += k[i] * a[i];
        kb += k[i] * b[i];
      }
      partial[2 * piece] = ka;
      partial[2 * piece + 1] = kb;
    }
  },
};

/** difference = â - b̂ and sum = â + b̂. â and b̂ are a and b, divided by the roots of the two sums that `norms` adds up to. */
export const straddle: Kernel<CountConstants, 'difference' | 'sum' | 'norms' | 'a' | 'b'> = {
  name: 'straddle',
  bindings: { difference: 'write', sum: 'write', norms: 'read', a: 'read', b: 'read' },
  shader: inParts(scales, () => straddleSource),
  twin({ difference, sum, norms: squares, a, b }, { COUNT }) {
    const [aScale, bScale] = sumPairs(squares).map((square) => 1 / Math.sqrt(square));
    for (let i = 0; i < COUNT; i++) {
      const x = a[i] * aScale;
      const y = b[i] * bScale;
      difference[i] = x - y;
      sum[i] = x + y;
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
