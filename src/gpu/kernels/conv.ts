import applySource from '../../shaders/conv-apply.wgsl?raw';
import outerSource from '../../shaders/conv-outer.wgsl?raw';
import pullbackSource from '../../shaders/conv-pullback.wgsl?raw';
import { everywhere, type Kernel } from '../kernel.ts';

/** A convolution's sizes. V is a tensor like its weight, [KERNEL·KERNEL·INPUTS (+1 for a bias)][OUTPUTS]; maps have their channels last. */
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

/** A grid for that many threads in workgroups of 64, folded where one dimension has no room for it. */
function gridFor(threads: number): readonly [number, number] {
  const groups = Math.ceil(threads / 64);
  const rows = Math.ceil(groups / 65_535);
  return [Math.ceil(groups / rows), rows];
}

/** Calls `visit` for everything that output position (m, oy, ox) sees: the taps that hit the map, row by row. */
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

/** Calls `visit` for every output position, counted through. */
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
  shaders: everywhere({
    wgsl: applySource,
    workgroups: ({ M, OUT_HEIGHT, OUT_WIDTH, OUTPUTS }) =>
      gridFor(Math.ceil((M * OUT_HEIGHT * OUT_WIDTH) / 8) * Math.ceil(OUTPUTS / 4)),
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
  shaders: everywhere({
    wgsl: pullbackSource,
    workgroups: ({ M, HEIGHT, WIDTH, INPUTS, STRIDE }) =>
      gridFor(
        STRIDE ** 2 *
          Math.ceil((M * Math.ceil(HEIGHT / STRIDE) * Math.ceil(WIDTH / STRIDE)) / 8) *
          Math.ceil(INPUTS / 4),
      ),
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
};

export type ConvOuterConstants = ConvConstants & {
  readonly BIAS: boolean;
  /** Pieces that the examples are dealt to, IMAGES to each. */
  readonly PIECES: number;
  readonly IMAGES: number;
};

/** Threads that a GPU wants to have, and a weight gradient by itself does not have enough of. */
const threadsWanted = 8192;

/** How the examples are dealt to pieces: as few as keep a GPU busy. */
export function dealImages(c: ConvConstants): { readonly PIECES: number; readonly IMAGES: number } {
  const tiles = c.KERNEL ** 2 * Math.ceil(c.INPUTS / 8) * Math.ceil(c.OUTPUTS / 4);
  const IMAGES = Math.ceil(c.M / Math.min(c.M, Math.ceil(threadsWanted / tiles)));
  return { IMAGES, PIECES: Math.ceil(c.M / IMAGES) };
}

/** partial[PIECES] = x correlated with e over each piece of the examples: parts of v's gradient, each like v. */
export const convOuter: Kernel<ConvOuterConstants, 'partial' | 'x' | 'e'> = {
  name: 'convOuter',
  bindings: { partial: 'write', x: 'read', e: 'read' },
  shaders: everywhere({
    wgsl: outerSource,
    workgroups: ({ INPUTS, OUTPUTS, KERNEL, BIAS, PIECES }) =>
      gridFor(PIECES * (KERNEL ** 2 * Math.ceil(INPUTS / 8) + Number(BIAS)) * Math.ceil(OUTPUTS / 4)),
  }),
  twin({ partial, x, e }, constants) {
    const { INPUTS, OUTPUTS, KERNEL, BIAS, IMAGES } = constants;
    const rows = KERNEL * KERNEL * INPUTS;
    partial.fill(0);
    visitOutputs(constants, (m, oy, ox, position) => {
      const piece = Math.floor(m / IMAGES) * (rows + Number(BIAS)) * OUTPUTS;
      const errors = e.subarray(position * OUTPUTS, (position + 1) * OUTPUTS);
      visitTaps(m, oy, ox, constants, (tap, from) => {
        for (let i = 0; i < INPUTS; i++) {
          const factor = x[from * INPUTS + i];
          if (factor === 0) continue;
          const row = piece + (tap * INPUTS + i) * OUTPUTS;
          for (let o = 0; o < OUTPUTS; o++) partial[row + o] += factor * errors[o];
        }
      });
      if (BIAS) for (let o = 0; o < OUTPUTS; o++) partial[piece + rows * OUTPUTS + o] += errors[o];
    });
  },
};
