import quads from '../../shaders/quads.wgsl?raw';
import split from '../../shaders/split.wgsl?raw';
import tiles from '../../shaders/tiles.wgsl?raw';
import type { Constants, Kernel } from '../kernel.ts';

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

/**
 * The schedules of a product: on a software adapter whole quads in registers; on a GPU shared tiles where the output is
 * large, and where it is small its depth split among the threads of a workgroup.
 */
export function inBlocks<C extends Constants>({
  any,
  fours,
  strides,
  extent,
}: Blocks<C>): Kernel<C, string>['shaders'] {
  const source = (constants: C): string => (strides(constants).every((size) => size % 4 === 0) ? fours : any);
  const isLarge = (constants: C): boolean => {
    const { rows, columns, slices = 1 } = extent(constants);
    return rows * columns * slices >= large;
  };
  const cover = ({ rows, columns, slices }: Extent, height: number, width: number) =>
    [Math.ceil(columns / width), Math.ceil(rows / height), slices] as const;
  return {
    software: {
      wgsl: (constants) => quads + source(constants),
      workgroups: (constants) => cover(extent(constants), 32, 16),
    },
    gpu: {
      wgsl: (constants) => (isLarge(constants) ? tiles : split) + source(constants),
      workgroups: (constants) =>
        isLarge(constants) ? cover(extent(constants), 64, 64) : cover(extent(constants), 16, 16),
    },
  };
}
