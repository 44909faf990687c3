import applyAny from '../../shaders/conv-apply.wgsl?raw';
import applyFours from '../../shaders/conv-apply4.wgsl?raw';
import outerAny from '../../shaders/conv-outer.wgsl?raw';
import outerFours from '../../shaders/conv-outer4.wgsl?raw';
import pullbackAny from '../../shaders/conv-pullback.wgsl?raw';
import pullbackFours from '../../shaders/conv-pullback4.wgsl?raw';
import places from '../../shaders/places.wgsl?raw';
import relu from '../../shaders/relu.wgsl?raw';
import type { Kernel } from '../kernel.ts';
import type { NativeKernels } from '../native/native.ts';
import { inBlocks } from './product.ts';

/** A convolution's sizes. V is shaped like its weight, [KERNEL·KERNEL·INPUTS (+1 for a bias)][OUTPUTS]. Channels come last in maps. */
export type ConvConstants = {
  /** Examples. */
  readonly M: number;
  readonly HEIGHT: number;
  readonly WIDTH: number;
  readonly INPUTS: number;
  readonly OUT_HEIGHT: number;
  readonly OUT_WIDTH: number;
  readonly OUTPUTS: number;
  readonly KERNEL: number;
  readonly STRIDE: number;
  readonly PADDING: number;
};

/** The next multiple of 4, so that no block of a product straddles two rows of a map or two taps. */
const padded = (size: number): number => Math.ceil(size / 4) * 4;

/** Numbers of a window, its rows padded: the depth of convApply and the rows of convOuter. */
const windowSize = ({ KERNEL, INPUTS }: ConvConstants): number => KERNEL * padded(KERNEL * INPUTS);

/** The native kernels, after telling them the sizes. */
function connected(kernels: NativeKernels, c: ConvConstants): NativeKernels {
  const { M, HEIGHT, WIDTH, INPUTS, OUT_HEIGHT, OUT_WIDTH, OUTPUTS, KERNEL, STRIDE, PADDING } = c;
  kernels.connect(M, HEIGHT, WIDTH, INPUTS, OUT_HEIGHT, OUT_WIDTH, OUTPUTS, KERNEL, STRIDE, PADDING);
  return kernels;
}

/** Calls `visit` for every tap that output position (m, oy, ox) sees the map through, row by row. */
function visitTaps(
  m: number,
  oy: number,
  ox: number,
  c: ConvConstants,
  visit: (tap: number, position: number) => void,
): void {
  for (let u = 0; u < c.KERNEL; u++) {
    const y = oy * c.STRIDE + u - c.PADDING;
    if (y < 0 || y >= c.HEIGHT) continue;
    for (let v = 0; v < c.KERNEL; v++) {
      const x = ox * c.STRIDE + v - c.PADDING;
      if (x >= 0 && x < c.WIDTH) visit(u * c.KERNEL + v, (m * c.HEIGHT + y) * c.WIDTH + x);
    }
  }
}

/** Calls `visit` for every output position, with its number. */
function visitOutputs(c: ConvConstants, visit: (m: number, oy: number, ox: number, position: number) => void): void {
  let position = 0;
  for (let m = 0; m < c.M; m++)
    for (let oy = 0; oy < c.OUT_HEIGHT; oy++) for (let ox = 0; ox < c.OUT_WIDTH; ox++) visit(m, oy, ox, position++);
}

export type ConvApplyConstants = ConvConstants & {
  /** Numbers in one replica of v. */
  readonly V_SIZE: number;
  readonly BIAS: boolean;
  readonly RELU: boolean;
};

/** z[M,OUT_HEIGHT,OUT_WIDTH,OUTPUTS] = x[M,HEIGHT,WIDTH,INPUTS] correlated with v (+ v's last row) (then ReLU). */
export const convApply: Kernel<ConvApplyConstants, 'z' | 'x' | 'v'> = {
  name: 'convApply',
  bindings: { z: 'write', x: 'read', v: 'read' },
  shader: inBlocks({
    any: applyAny + relu,
    fours: applyFours + relu,
    strides: ({ INPUTS, OUTPUTS, V_SIZE }) => [INPUTS, OUTPUTS, V_SIZE],
    extent: (c) => ({ rows: c.M * c.OUT_HEIGHT * padded(c.OUT_WIDTH), columns: c.OUTPUTS }),
  }),
  twin({ z, x, v }, constants) {
    const { INPUTS, OUTPUTS, KERNEL, BIAS, RELU } = constants;
    const bias = KERNEL * KERNEL * INPUTS * OUTPUTS;
    visitOutputs(constants, (m, oy, ox, position) => {
      const sums = z.subarray(position * OUTPUTS, (position + 1) * OUTPUTS);
      if (BIAS) sums.set(v.subarray(bias, bias + OUTPUTS));
      else sums.fill(0);
      visitTaps(m, oy, ox, constants, (tap, from) => {
        for (let i = 0; i < INPUTS; i++) {
          const factor = x[from * INPUTS + i];
          const row = (tap * INPUTS + i) * OUTPUTS;
          for (let o = 0; o < OUTPUTS; o++) sums[o] += factor * v[row + o];
        }
      });
      if (RELU) for (let o = 0; o < OUTPUTS; o++) if (sums[o] < 0) sums[o] = 0;
    });
  },
  native: (kernels, { z, x, v }, c) => connected(kernels, c).convApply(z, x, v, c.BIAS, c.RELU),
};

export type ConvPullbackConstants = ConvConstants & {
  /** Numbers in one replica of v. */
  readonly V_SIZE: number;
  /** Multiply by ReLU' of x. */
  readonly MASK: boolean;
  /** Add to what dx holds. */
  readonly ADD: boolean;
};

/** dx = the error e, OUTPUTS channels, through the transposed convolution with v (∘ 1[x > 0]) (+ dx). */
export const convPullback: Kernel<ConvPullbackConstants, 'dx' | 'e' | 'v' | 'x'> = {
  name: 'convPullback',
  bindings: { dx: 'write', e: 'read', v: 'read', x: 'read' },
  shader: inBlocks({
    any: pullbackAny + places,
    fours: pullbackFours + places,
    strides: ({ INPUTS, OUTPUTS, V_SIZE }) => [INPUTS, OUTPUTS, V_SIZE],
    // The map is divided into cells of STRIDE × STRIDE positions. Each place in a cell has a product of its own.
    extent: ({ M, HEIGHT, WIDTH, INPUTS, STRIDE }) => ({
      rows: M * Math.ceil(HEIGHT / STRIDE) * padded(Math.ceil(WIDTH / STRIDE)),
      columns: INPUTS,
      slices: STRIDE ** 2,
    }),
  }),
  twin({ dx, e, v, x }, constants) {
    const { INPUTS, OUTPUTS, MASK, ADD } = constants;
    if (!ADD) dx.fill(0);
    visitOutputs(constants, (m, oy, ox, position) => {
      const errors = e.subarray(position * OUTPUTS, (position + 1) * OUTPUTS);
      visitTaps(m, oy, ox, constants, (tap, to) => {
        for (let i = 0; i < INPUTS; i++) {
          const at = to * INPUTS + i;
          if (MASK && !(x[at] > 0)) continue;
          const row = (tap * INPUTS + i) * OUTPUTS;
          let sum = 0;
          for (let o = 0; o < OUTPUTS; o++) sum += errors[o] * v[row + o];
          dx[at] += sum;
        }
      });
    });
  },
  native: (kernels, { dx, e, v, x }, c) => connected(kernels, c).convPullback(dx, e, v, x, c.MASK, c.ADD),
};

export type ConvOuterConstants = ConvConstants & {
  readonly BIAS: boolean;
  /** Pieces that the examples are divided into, IMAGES to each. */
  readonly PIECES: number;
  readonly IMAGES: number;
};

/** How many 4×4 blocks keep a GPU busy. A single weight gradient often has fewer. */
const blocksWanted = 8192;

/** How the examples are divided into pieces: as few as keep a GPU busy. */
export function dealImages(c: ConvConstants): { readonly PIECES: number; readonly IMAGES: number } {
  const blocks = (windowSize(c) / 4) * Math.ceil(c.OUTPUTS / 4);
  const IMAGES = Math.ceil(c.M / Math.min(c.M, Math.ceil(blocksWanted / blocks)));
  return { IMAGES, PIECES: Math.ceil(c.M / IMAGES) };
}

/** parts[PIECES] = x correlated with e over each piece of the examples: partial sums of v's gradient, each shaped like v. */
export const convOuter: Kernel<ConvOuterConstants, 'parts' | 'x' | 'e'> = {
  name: 'convOuter',
  bindings: { parts: 'write', x: 'read', e: 'read' },
  shader: inBlocks({
    any: outerAny,
    fours: outerFours,
    strides: ({ INPUTS, OUTPUTS }) => [INPUTS, OUTPUTS],
    extent: (c) => ({
      rows: windowSize(c) + Number(c.BIAS),
      columns: c.OUTPUTS,
      slices: c.PIECES,
    }),
  }),
  twin({ parts, x, e }, constants) {
    const { INPUTS, OUTPUTS, KERNEL, BIAS, IMAGES } = constants;
    const rows = KERNEL * KERNEL * INPUTS;
    parts.fill(0);
    visitOutputs(constants, (m, oy, ox, position) => {
      const piece = Math.floor(m / IMAGES) * (rows + Number(BIAS)) * OUTPUTS;
      const errors = e.subarray(position * OUTPUTS, (position + 1) * OUTPUTS);
      visitTaps(m, oy, ox, constants, (tap, from) => {
        for (let i = 0; i < INPUTS; i++) {
          const factor = x[from * INPUTS + i];
          if (factor === 0) continue;
          const row = piece + (tap * INPUTS + i) * OUTPUTS;
          for (let o = 0; o < OUTPUTS; o++) parts[row + o] += factor * errors[o];
        }
      });
      if (BIAS) for (let o = 0; o < OUTPUTS; o++) parts[piece + rows * OUTPUTS + o] += errors[o];
    });
  },
  native: (kernels, { parts, x, e }, c) => connected(kernels, c).convOuter(parts, x, e, c.BIAS, c.IMAGES),
};
