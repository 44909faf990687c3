import quads from '../../shaders/quads.wgsl?raw';
import split from '../../shaders/split.wgsl?raw';
import tiles from '../../shaders/tiles.wgsl?raw';
import { areFours, type Bands, type Constants, type Kernel, type Schedule, type Shader } from '../kernel.ts';

/** The size of a product's output. */
export interface Extent {
  readonly rows: number;
  readonly columns: number;
  /** How many such outputs each replica has, if several; r in the shader then counts slices across replicas. */
  readonly slices?: number;
}

/** What a kernel provides so that it can be computed as a product in 4×4 blocks. */
export interface Blocks<C extends Constants> {
  /** Its WGSL functions `left`, `right`, `depth` and `finish`, for any shape. */
  readonly any: string;
  /** The same for shapes whose rows in memory are whole vectors of four, which load and store faster. */
  readonly fours: string;
  /** The sizes that have to be multiples of four for `fours`. */
  readonly strides: (constants: C) => readonly number[];
  readonly extent: (constants: C) => Extent;
  /** WGSL that its `finish` needs and that depends on the constants. */
  readonly ending?: (constants: C) => string;
}

/** The first part of a product's shader, and how many rows and columns of the output a workgroup makes. */
interface Cut {
  readonly wgsl: string;
  readonly rows: number;
  readonly columns: number;
  readonly constants?: Constants;
}

const inQuads = (DOWN: number, ACROSS: number): Cut => ({
  wgsl: quads,
  rows: 16 * DOWN,
  columns: 16 * ACROSS,
  constants: { DOWN, ACROSS },
});

const inTiles = (side: number): Cut => ({
  wgsl: `const SIDE = ${side}u;\n${head(side ** 2, 32 * side)}${tiles}`,
  rows: 4 * side,
  columns: 4 * side,
});

const inSplits = (DOWN: number, ACROSS: number, threads = 256): Cut => ({
  wgsl: `${head(threads, 4 * threads)}${split}`,
  rows: 4 * DOWN,
  columns: 4 * ACROSS,
  constants: { DOWN, ACROSS },
});

/** Threads of a workgroup, and the vectors of four that they share. */
const head = (threads: number, scratch: number): string =>
  `const THREADS: u32 = ${threads}u;\nvar<workgroup> scratch: array<vec4f, ${scratch}u>;\n`;

const [upright, abreast] = [inQuads(2, 1), inQuads(1, 2)];
const [tiles64, tiles32, split16] = [inTiles(16), inTiles(8), inSplits(4, 4)];

const schedules: Readonly<Record<Schedule, (columns: number) => Cut>> = {
  // Quads side by side are 3 to 5 % faster, where there are columns for two.
  quads: (columns) => (columns > upright.columns ? abreast : upright),
  tiles64: () => tiles64,
  tiles32: () => tiles32,
  split: () => split16,
};

/** Bands of four rows. They have few workgroups, so the depth is split as far as the columns allow. */
const narrow = inSplits(1, 4);
const wide = inSplits(1, 64);

/** Rows of a band. */
export const bandRows = narrow.rows;

/** Numbers of an output that fill a GPU with one thread for each 4×4 block. */
const large = 2 ** 18;

/** Multiply-adds up to which a few workgroups take no longer than the launch of another dispatch would. */
const fewEnough = 2 ** 22;

const shaderOf = <C extends Constants>(cut: Cut, source: string, extent: Extent): Shader<C> => ({
  wgsl: cut.wgsl + source,
  ...(cut.constants && { constants: cut.constants }),
  workgroups: () => [Math.ceil(extent.columns / cut.columns), Math.ceil(extent.rows / cut.rows), extent.slices ?? 1],
});

/** The shader of a product by the adapter's schedule: quads, tiles in shared memory, or its depth split in a workgroup. */
export function inBlocks<C extends Constants>(blocks: Blocks<C>): Kernel<C, string>['shader'] {
  const { any, fours, strides, extent, ending } = blocks;
  return (constants, chosen) => {
    const sizes = extent(constants);
    const source = areFours(strides(constants)) ? fours : any;
    const isLarge = sizes.rows * sizes.columns * (sizes.slices ?? 1) >= large;
    const schedule = schedules[isLarge ? chosen.large : chosen.small];
    return shaderOf(schedule(sizes.columns), source + (ending?.(constants) ?? ''), sizes);
  };
}

/** The bands of a product of `work` multiply-adds. The rows of its left factor and of its output are the examples. */
export const inBands = <C extends Constants, Binding extends string>(
  { any, extent }: Blocks<C>,
  along: readonly Binding[],
  work: (constants: C) => number,
): Bands<C, Binding> => ({
  along,
  shader: (constants) => {
    const sizes = extent(constants);
    if (work(constants) > fewEnough) return null;
    // The version for any shape: all in a chain have to bind the tensors that they hand on with the same element type.
    return shaderOf(sizes.columns > narrow.columns ? wide : narrow, any, sizes);
  },
});
