import { blockColumns, blockRows, multiplyBlock } from './block';
import { scratch, share, task } from './crew';
import { packColumns, packFour, packRows } from './pack';

/**
 * What a product's tiles have to know: out[rows,columns] = left[rows,depth] right[depth,columns]. It lies at `task`, for
 * all threads. A turned factor is in memory as its transpose. Rows in memory are so many bytes apart.
 */
@unmanaged
export class Product {
  rows: i32 = 0;
  columns: i32 = 0;
  depth: i32 = 0;
  left: usize = 0;
  leftRow: usize = 0;
  leftTurned: bool = false;
  /** Rows that a turned left factor has in memory; those behind it are 1. */
  leftRows: i32 = 0;
  right: usize = 0;
  rightRow: usize = 0;
  rightTurned: bool = false;
  /** The size of a tile, which one thread computes at once: up to 64 rows and 2¹⁴ numbers, in whole blocks. */
  tileRows: i32 = 0;
  tileColumns: i32 = 0;
}

/** Depth that is packed at once: 8 columns of it, 8 KB, stay in the L1 cache beside four rows of the left factor. */
const stretch: i32 = 256;
/** Bytes of the sums of a tile, and of 64 packed rows. */
const sumsBytes: i32 = 4 << 14;
const rowsBytes: i32 = 4 * 64 * stretch;

/** Bytes of scratch memory that a thread needs: for sums, packed rows and 8 packed columns. */
export const scratchBytes: i32 = sumsBytes + rowsBytes + 32 * stretch;

/** The tile whose sums this thread has computed: its first row and column, and how many there are. */
export let row: i32 = 0;
export let column: i32 = 0;
export let rows: i32 = 0;
export let columns: i32 = 0;

/** Multiply-adds from which on the helpers are asked: tens of microseconds of work. */
const worthSharing: i64 = 1 << 20;

/** Has `tile` called for every tile of the product at `task`. */
export function multiply(tile: (index: i32) => void): void {
  const p = changetype<Product>(task);
  const work = <i64>p.rows * p.columns * p.depth;
  share(tile, pieces(p.rows, p.tileRows) * pieces(p.columns, p.tileColumns), work < worthSharing);
}

function pieces(size: i32, piece: i32): i32 {
  return (size + piece - 1) / piece;
}

/** Where row `i` of the tile's sums lies. */
export function sumsOf(i: i32): usize {
  return scratch + 4 * i * changetype<Product>(task).tileColumns;
}

/** Computes the sums of tile `index`. Their order depends on the depth alone. */
export function multiplyTile(index: i32): void {
  const p = changetype<Product>(task);
  const across = pieces(p.columns, p.tileColumns);
  row = (index / across) * p.tileRows;
  column = (index % across) * p.tileColumns;
  rows = min(p.tileRows, p.rows - row);
  columns = min(p.tileColumns, p.columns - column);
  for (let from = 0; from < p.depth; from += stretch) multiplyStretch(p, from, min(stretch, p.depth - from));
}

/** Adds the part of the depth that begins at `from` to the tile's sums. */
function multiplyStretch(p: Product, from: i32, depth: i32): void {
  const packedRows = scratch + sumsBytes;
  const packedColumns = packedRows + rowsBytes;
  if (p.leftTurned) packLeft(p, packedRows, from, depth);
  for (let j = 0; j < columns; j += blockColumns) {
    packRight(p, packedColumns, from, column + j, min(blockColumns, columns - j), depth);
    for (let i = 0; i < rows; i += blockRows) {
      const sums = sumsOf(i) + 4 * j;
      const across = 4 * p.tileColumns;
      const add = from > 0;
      if (p.leftTurned)
        multiplyBlock(sums, across, packedRows + 4 * i * stretch, 4, 16, blockRows, packedColumns, depth, add);
      else {
        const left = p.left + p.leftRow * (row + i) + 4 * from;
        multiplyBlock(sums, across, left, p.leftRow, 4, rows - i, packedColumns, depth, add);
      }
    }
  }
}

function packLeft(p: Product, to: usize, from: i32, depth: i32): void {
  for (let i = 0; i < rows; i += blockRows) {
    const left = p.left + p.leftRow * from + 4 * (row + i);
    packFour(to + 4 * i * stretch, left, p.leftRow, p.leftRows - row - i, depth);
  }
}

function packRight(p: Product, to: usize, from: i32, first: i32, count: i32, depth: i32): void {
  if (p.rightTurned) packRows(to, p.right + p.rightRow * first + 4 * from, p.rightRow, count, depth);
  else packColumns(to, p.right + p.rightRow * from + 4 * first, p.rightRow, count, depth);
}
