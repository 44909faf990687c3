import wgsl from '../../shaders/transpose.wgsl?raw';
import type { Kernel } from '../kernel.ts';
import { strided } from './strided.ts';

export type TransposeConstants = {
  /** Examples. */
  readonly M: number;
  /** Each example of x is a matrix [ROWS][COLUMNS]. */
  readonly ROWS: number;
  readonly COLUMNS: number;
  /** Multiply by ReLU' of gate. */
  readonly MASK: boolean;
  /** Add to what y holds. */
  readonly ADD: boolean;
};

/** y[M,COLUMNS,ROWS] = each example of x[M,ROWS,COLUMNS] transposed (∘ 1[gate > 0]) (+ y). */
export const transpose: Kernel<TransposeConstants, 'y' | 'x' | 'gate'> = {
  name: 'transpose',
  bindings: { y: 'write', x: 'read', gate: 'read' },
  shader: strided(wgsl, ({ M, ROWS, COLUMNS }) => M * ROWS * COLUMNS),
  twin({ y, x, gate }, { M, ROWS, COLUMNS, MASK, ADD }) {
    for (let m = 0; m < M; m++)
      for (let row = 0; row < ROWS; row++)
        for (let column = 0; column < COLUMNS; column++) {
          const i = (m * COLUMNS + column) * ROWS + row;
          const value = !MASK || gate[i] > 0 ? x[(m * ROWS + row) * COLUMNS + column] : 0;
          y[i] = ADD ? y[i] + value : value;
        }
  },
};
