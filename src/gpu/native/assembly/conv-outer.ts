import { task } from './crew';
import {
  begin,
  column,
  columns,
  cutInto,
  multiply,
  multiplyTile,
  row,
  rows,
  slice,
  staged,
  sumsOf,
  turnedRow,
} from './product';
import { Convolution, copyWindow, positionsOf, windowSize } from './windows';

@unmanaged
class Outer extends Convolution {
  parts: usize = 0;
  x: usize = 0;
}

/**
 * parts[slices][window (+1),outputs] = the transposed windows of x times e[positions,outputs], over `images` examples a slice.
 * The last row, the bias, is the sum of the errors: every window counts as having a 1 there.
 */
export function convOuter(parts: usize, x: usize, e: usize, bias: bool, images: i32): void {
  const p = changetype<Outer>(task);
  begin(p, windowSize(p) + i32(bias), p.outputs, positionsOf(p));
  cutInto(p, 256);
  p.sliceDepth = images * p.outHeight * p.outWidth;
  p.stage = stage.index;
  p.stagedTurned = true;
  p.right = e;
  p.rightRow = 4 * p.outputs;
  p.parts = parts;
  p.x = x;
  multiply(tile);
}

function stage(from: i32, depth: i32): void {
  const p = changetype<Outer>(task);
  const there = min(rows, windowSize(p) - row);
  let to = staged();
  for (let position = from; position < from + depth; position++, to += turnedRow) {
    copyWindow(p, to, p.x, position, row, there);
    if (there < rows) store<f32>(to + 4 * there, 1);
  }
}

function tile(index: i32): void {
  multiplyTile(index);
  const p = changetype<Outer>(task);
  for (let i = 0; i < rows; i++)
    memory.copy(p.parts + 4 * ((slice * p.rows + row + i) * p.columns + column), sumsOf(i), 4 * columns);
}
