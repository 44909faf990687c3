import { blockColumns, blockRows, multiplyBlock } from './block';
import { scratch, share, task } from './crew';
import { packColumns, packRows } from './pack';

/**
 * The description of a product, out[rows,columns] = left[rows,depth] right[depth,columns], for the threads that compute its
 * tiles. It lies at `task`. `leftRow` and `rightRow` are the bytes between rows in memory.
 */
@unmanaged
export class Product {
  rows: i32 = 0;
  columns: i32 = 0;
  depth: i32 = 0;
  /** Address of the left factor, if it can be read as it lies in memory. */
  left: usize = 0;
  leftRow: usize = 0;
  /** Otherwise the function that stages the part of it that a tile needs, from depth `from` on. 0 where there is none. */
  stage: i32 = 0;
  /** Whether it is staged as its transpose, `turnedRow` bytes from one depth to the next; else in rows `stagedRow` apart. */
  stagedTurned: bool = false;
  right: usize = 0;
  rightRow: usize = 0;
  /** Whether the right factor lies in memory as its transpose. */
  rightTurned: bool = false;
  /** The size of a tile, which one thread computes in one go: up to 64 rows and 2¹⁴ numbers, in whole blocks. */
  tileRows: i32 = 0;
  tileColumns: i32 = 0;
  /** Depth of a slice, which is an output of its own; the whole depth unless set otherwise. */
  sliceDepth: i32 = 0;
}

/** Depth that is computed in one go: 8 packed columns of it, 8 KB, stay in the L1 cache beside 4 rows of the left factor. */
const stretch: i32 = 256;
/** Bytes between the staged rows of a left factor. */
export const stagedRow: usize = 4 * stretch;
/** Bytes between the depths of a turned one, with room for 64 rows. Not a power of two, so that cache lines spread. */
export const turnedRow: usize = 4 * 68;

/** Bytes of a tile's sums, and of the staged left factor. */
const sumsBytes: i32 = 4 << 14;
const stagedBytes: i32 = <i32>turnedRow * stretch;

/** Bytes of scratch memory that a thread needs: for sums, a staged left factor and 8 packed columns. */
export const scratchBytes: i32 = sumsBytes + stagedBytes + 32 * stretch;

/** The tile whose sums this thread has computed: its slice, its first row and column, and its rows and columns. */
export let slice: i32 = 0;
export let row: i32 = 0;
export let column: i32 = 0;
export let rows: i32 = 0;
export let columns: i32 = 0;

/** From so many multiply-adds on the helpers take part: that is tens of microseconds of work. */
const worthSharing: i64 = 1 << 20;

/** Sets the sizes of a product, and what has a usual value to that. The factors' addresses are left to the caller. */
export function begin(p: Product, rows: i32, columns: i32, depth: i32): void {
  p.rows = rows;
  p.columns = columns;
  p.depth = depth;
  p.stage = 0;
  p.rightTurned = false;
  p.sliceDepth = depth;
  cutInto(p, 64);
}

/** Cuts the output into tiles of at most so many columns. */
export function cutInto(p: Product, most: i32): void {
  p.tileRows = 64;
  p.tileColumns = min(most, pieces(p.columns, blockColumns) * blockColumns);
}

/** Calls `tile` for every tile of the product at `task`, on whichever thread is free. */
export function multiply(tile: (index: i32) => void): void {
  const p = changetype<Product>(task);
  share(tile, tilesOfSlice(p) * pieces(p.depth, p.sliceDepth), isSmall(p));
}

/** Whether waking the helpers would take longer than they would save. */
export function isSmall(p: Product): bool {
  return <i64>p.rows * p.columns * p.depth < worthSharing;
}

function tilesOfSlice(p: Product): i32 {
  return pieces(p.rows, p.tileRows) * pieces(p.columns, p.tileColumns);
}

/** How many pieces it takes to cover a size. */
function pieces(size: i32, piece: i32): i32 {
  return (size + piece - 1) / piece;
}

/** The address of row `i` of the tile's sums. */
export function sumsOf(i: i32): usize {
  return scratch + 4 * i * changetype<Product>(task).tileColumns;
}

/** The address at which a left factor is staged. */
export function staged(): usize {
  return scratch + sumsBytes;
}

/** Computes the sums of tile `index`. */
export function multiplyTile(index: i32): void {
  const p = changetype<Product>(task);
  const across = pieces(p.columns, p.tileColumns);
  const tiles = tilesOfSlice(p);
  const place = index % tiles;
  multiplyAt(index / tiles, (place / across) * p.tileRows, p.rows, (place % across) * p.tileColumns);
}

/** Computes the sums of the tile that begins there, up to row `lastRow`. Their order depends on the depth alone. */
export function multiplyAt(ofSlice: i32, firstRow: i32, lastRow: i32, firstColumn: i32): void {
  const p = changetype<Product>(task);
  slice = ofSlice;
  row = firstRow;
  column = firstColumn;
  rows = min(p.tileRows, lastRow - row);
  columns = min(p.tileColumns, p.columns - column);
  const first = slice * p.sliceDepth;
  const last = min(first + p.sliceDepth, p.depth);
  for (let from = first; from < last; from += stretch)
    multiplyStretch(p, from, min(stretch, last - from), from > first);
}

/** Computes the part of the tile's sums over `depth` from `from` on; with `add` it is added to what is there. */
function multiplyStretch(p: Product, from: i32, depth: i32, add: bool): void {
  const packed = staged() + stagedBytes;
  let left = p.left + p.leftRow * row + 4 * from;
  let down = p.leftRow;
  let deeper: usize = 4;
  if (p.stage) {
    call_indirect<void>(p.stage, from, depth);
    left = staged();
    down = p.stagedTurned ? 4 : stagedRow;
    deeper = p.stagedTurned ? turnedRow : 4;
  }
  for (let j = 0; j < columns; j += blockColumns) {
    packRight(p, packed, from, column + j, min(blockColumns, columns - j), depth);
    for (let i = 0; i < rows; i += blockRows)
      multiplyBlock(sumsOf(i) + 4 * j, 4 * p.tileColumns, left + down * i, down, deeper, rows - i, packed, depth, add);
  }
}

function packRight(p: Product, to: usize, from: i32, first: i32, count: i32, depth: i32): void {
  if (p.rightTurned) packRows(to, p.right + p.rightRow * first + 4 * from, p.rightRow, count, depth);
  else packColumns(to, p.right + p.rightRow * from + 4 * first, p.rightRow, count, depth);
}
