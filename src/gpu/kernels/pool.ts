import nan from '../../shaders/nan.wgsl?raw';
import poolSource from '../../shaders/pool.wgsl?raw';
import unpoolSource from '../../shaders/unpool.wgsl?raw';
import { everywhere, workgroupsFor, type Kernel } from '../kernel.ts';
import type { Numbers } from '../tensor.ts';

export type PoolConstants = {
  /** Examples. */
  readonly M: number;
  /** The map that is pooled. */
  readonly HEIGHT: number;
  readonly WIDTH: number;
  readonly CHANNELS: number;
  readonly OUT_HEIGHT: number;
  readonly OUT_WIDTH: number;
  /** The window. */
  readonly ROWS: number;
  readonly COLUMNS: number;
  readonly STRIDE: number;
  readonly PADDING: number;
  /** Whether to take a window's largest number; otherwise its average, with zeros as padding. */
  readonly MAX: boolean;
};

/** Calls `visit` with the positions of x that output position (oy, ox) sees, row by row. */
function visitWindow(oy: number, ox: number, c: PoolConstants, visit: (y: number, x: number) => void): void {
  const [top, left] = [oy * c.STRIDE - c.PADDING, ox * c.STRIDE - c.PADDING];
  for (let y = Math.max(top, 0); y < Math.min(top + c.ROWS, c.HEIGHT); y++)
    for (let x = Math.max(left, 0); x < Math.min(left + c.COLUMNS, c.WIDTH); x++) visit(y, x);
}

/** Where number (m, y, x, channel) of a map is. */
const place = (m: number, y: number, x: number, channel: number, c: PoolConstants): number =>
  ((m * c.HEIGHT + y) * c.WIDTH + x) * c.CHANNELS + channel;

/**
 * Where a window's largest number is, the first of several. NaN counts as larger than any number, as in PyTorch: a network
 * that has diverged must not look healthy.
 */
function largest(x: Numbers, m: number, oy: number, ox: number, channel: number, c: PoolConstants): number {
  let best = -1;
  visitWindow(oy, ox, c, (y, column) => {
    const i = place(m, y, column, channel, c);
    if (best < 0 || x[i] > x[best] || Number.isNaN(x[i])) best = i;
  });
  return best;
}

/** y = x where `by` is largest in each window, or the average of x, a channel at a time. Usually `by` is x itself. */
export const pool: Kernel<PoolConstants, 'y' | 'x' | 'by'> = {
  name: 'pool',
  bindings: { y: 'write', x: 'read', by: 'read' },
  shader: everywhere({
    wgsl: nan + poolSource,
    workgroups: ({ M, OUT_HEIGHT, OUT_WIDTH, CHANNELS }) => workgroupsFor(M * OUT_HEIGHT * OUT_WIDTH * CHANNELS, 64),
  }),
  twin({ y, x, by }, constants) {
    const { M, CHANNELS, OUT_HEIGHT, OUT_WIDTH, ROWS, COLUMNS, MAX } = constants;
    let i = 0;
    for (let m = 0; m < M; m++)
      for (let oy = 0; oy < OUT_HEIGHT; oy++)
        for (let ox = 0; ox < OUT_WIDTH; ox++)
          for (let channel = 0; channel < CHANNELS; channel++, i++) {
            if (MAX) {
              y[i] = x[largest(by, m, oy, ox, channel, constants)];
              continue;
            }
            let sum = 0;
            visitWindow(oy, ox, constants, (row, column) => (sum += x[place(m, row, column, channel, constants)]));
            y[i] = sum / (ROWS * COLUMNS);
          }
  },
};

export type UnpoolConstants = PoolConstants & {
  /** Multiply by ReLU' of x. */
  readonly MASK: boolean;
  /** Add to what dx holds. */
  readonly ADD: boolean;
};

/** dx = the error e of pool's output, sent back to the positions it was pooled from (∘ 1[x > 0]) (+ dx). */
export const unpool: Kernel<UnpoolConstants, 'dx' | 'e' | 'x'> = {
  name: 'unpool',
  bindings: { dx: 'write', e: 'read', x: 'read' },
  shader: everywhere({
    wgsl: nan + unpoolSource,
    workgroups: ({ M, HEIGHT, WIDTH, CHANNELS }) => workgroupsFor(M * HEIGHT * WIDTH * CHANNELS, 64),
  }),
  twin({ dx, e, x }, constants) {
    const { M, CHANNELS, OUT_HEIGHT, OUT_WIDTH, ROWS, COLUMNS, MAX, MASK, ADD } = constants;
    if (!ADD) dx.fill(0);
    const give = (to: number, error: number): void => {
      if (!MASK || x[to] > 0) dx[to] += error;
    };
    let i = 0;
    for (let m = 0; m < M; m++)
      for (let oy = 0; oy < OUT_HEIGHT; oy++)
        for (let ox = 0; ox < OUT_WIDTH; ox++)
          for (let channel = 0; channel < CHANNELS; channel++, i++)
            if (MAX) give(largest(x, m, oy, ox, channel, constants), e[i]);
            else
              visitWindow(oy, ox, constants, (row, column) =>
                give(place(m, row, column, channel, constants), e[i] / (ROWS * COLUMNS)),
              );
  },
};
