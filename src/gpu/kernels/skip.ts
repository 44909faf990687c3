import relu from '../../shaders/relu.wgsl?raw';
import skipSource from '../../shaders/skip.wgsl?raw';
import unskipSource from '../../shaders/unskip.wgsl?raw';
import { everywhere, workgroupsFor, type Kernel } from '../kernel.ts';

export type SkipConstants = {
  /** Examples. */
  readonly M: number;
  /** The shortcut's source. */
  readonly HEIGHT: number;
  readonly WIDTH: number;
  readonly CHANNELS: number;
  /** The map that it is added to. */
  readonly OUT_HEIGHT: number;
  readonly OUT_WIDTH: number;
  readonly OUT_CHANNELS: number;
  /** Every STRIDE-th row and column is taken. */
  readonly STRIDE: number;
  /** Channels of zeros before those of the source. */
  readonly FRONT: number;
};

/** Where the source's number (m, oy STRIDE, ox STRIDE, channel) is. */
const source = (m: number, oy: number, ox: number, channel: number, c: SkipConstants): number =>
  ((m * c.HEIGHT + oy * c.STRIDE) * c.WIDTH + ox * c.STRIDE) * c.CHANNELS + channel;

/** y += x, subsampled and padded with channels of zeros (then ReLU): the parameterless shortcut of a residual block. */
export const skip: Kernel<SkipConstants & { readonly RELU: boolean }, 'y' | 'x'> = {
  name: 'skip',
  bindings: { y: 'write', x: 'read' },
  shader: everywhere({
    wgsl: relu + skipSource,
    workgroups: ({ M, OUT_HEIGHT, OUT_WIDTH, OUT_CHANNELS }) =>
      workgroupsFor(M * OUT_HEIGHT * OUT_WIDTH * OUT_CHANNELS, 64),
  }),
  twin({ y, x }, constants) {
    const { M, CHANNELS, OUT_HEIGHT, OUT_WIDTH, OUT_CHANNELS, FRONT, RELU } = constants;
    let i = 0;
    for (let m = 0; m < M; m++)
      for (let oy = 0; oy < OUT_HEIGHT; oy++)
        for (let ox = 0; ox < OUT_WIDTH; ox++)
          for (let channel = -FRONT; channel < OUT_CHANNELS - FRONT; channel++, i++) {
            if (channel >= 0 && channel < CHANNELS) y[i] += x[source(m, oy, ox, channel, constants)];
            if (RELU && y[i] < 0) y[i] = 0;
          }
  },
};

/** dx = the error e of skip's y, sent back to the shortcut's source (∘ 1[x > 0]) (+ dx). */
export const unskip: Kernel<SkipConstants & { readonly MASK: boolean; readonly ADD: boolean }, 'dx' | 'e' | 'x'> = {
  name: 'unskip',
  bindings: { dx: 'write', e: 'read', x: 'read' },
  shader: everywhere({
    wgsl: unskipSource,
    workgroups: ({ M, HEIGHT, WIDTH, CHANNELS }) => workgroupsFor(M * HEIGHT * WIDTH * CHANNELS, 64),
  }),
  twin({ dx, e, x }, constants) {
    const { M, CHANNELS, OUT_HEIGHT, OUT_WIDTH, OUT_CHANNELS, FRONT, MASK, ADD } = constants;
    if (!ADD) dx.fill(0);
    for (let m = 0; m < M; m++)
      for (let oy = 0; oy < OUT_HEIGHT; oy++)
        for (let ox = 0; ox < OUT_WIDTH; ox++)
          for (let channel = 0; channel < CHANNELS; channel++) {
            const i = source(m, oy, ox, channel, constants);
            if (!MASK || x[i] > 0)
              dx[i] += e[((m * OUT_HEIGHT + oy) * OUT_WIDTH + ox) * OUT_CHANNELS + channel + FRONT];
          }
  },
};
