import quads from '../../shaders/quads.wgsl?raw';
import split from '../../shaders/split.wgsl?raw';
import tiles from '../../shaders/tiles.wgsl?raw';
import type { Constants, Kernel, Schedule } from '../kernel.ts';

/** The sizes of a product [rows, depth] · [depth, columns]. */
export interface Extent {
  readonly rows: number;
  readonly columns: number;
  readonly depth: number;
  /** Such products in each replica; r then counts replicas times slices. */
  readonly slices?: number;
}

/** What a kernel says of itself so that it can be computed as a product in 4×4 blocks. */
export interface Blocks<C extends Constants> {
  /** Its `left`, `right` and `finish` for any shape. */
  readonly any: string;
  /** The same for shapes whose rows in memory are whole vectors of four, which load and store faster. */
  readonly fours: string;
  /** The sizes that have to be multiples of four for that. */
  readonly strides: (constants: C) => readonly number[];
  readonly extent: (constants: C) => Extent;
}

/** Outputs that fill a GPU with one thread for each 4×4 block. */
const large = 2 ** 18;

/** The first part of a product's shader, and how many rows and columns of the output a workgroup makes. */
const schedules: Readonly<
  Record<Schedule, { readonly wgsl: string; readonly rows: number; readonly columns: number }>
> = {
  quads: { wgsl: quads, rows: 32, columns: 16 },
  tiles64: { wgsl: `const SIDE = 16u;\n${tiles}`, rows: 64, columns: 64 },
  tiles32: { wgsl: `const SIDE = 8u;\n${tiles}`, rows: 32, columns: 32 },
  split: { wgsl: split, rows: 16, columns: 16 },
};

/** The schedules of a product: whole quads in registers, tiles in shared memory, or its depth split within a workgroup. */
export function inBlocks<C extends Constants>({ any, fours, strides, extent }: Blocks<C>): Kernel<C, string>['shader'] {
  return (constants, chosen) => {
    const { rows, columns, slices = 1 } = extent(constants);
    const schedule = schedules[rows * columns * slices >= large ? chosen.large : chosen.small];
    const source = strides(constants).every((size) => size % 4 === 0) ? fours : any;
    return {
      wgsl: schedule.wgsl + source,
      workgroups: () => [Math.ceil(columns / schedule.columns), Math.ceil(rows / schedule.rows), slices],
    };
  };
}
