import { finish } from './apply';
import { task } from './crew';
import { begin, cutInto, multiply, multiplyTile, row, rows, staged, stagedRow } from './product';
import { Convolution, copyWindow, positionsOf, windowSize } from './windows';

@unmanaged
class Apply extends Convolution {
  z: usize = 0;
  x: usize = 0;
  /** Where the bias lies, or 0. */
  bias: usize = 0;
  relu: bool = false;
}

/** z[positions,outputs] = the windows of x times v[window,outputs] (+ v's last row) (then ReLU). */
export function convApply(z: usize, x: usize, v: usize, bias: bool, relu: bool): void {
  const p = changetype<Apply>(task);
  begin(p, positionsOf(p), p.outputs, windowSize(p));
  // Windows are staged anew for each tile, so there should be as few tiles side by side as possible.
  cutInto(p, 256);
  p.stage = stage.index;
  p.stagedTurned = false;
  p.right = v;
  p.rightRow = 4 * p.outputs;
  p.z = z;
  p.x = x;
  p.bias = bias ? v + 4 * windowSize(p) * p.outputs : 0;
  p.relu = relu;
  multiply(tile);
}

function stage(from: i32, depth: i32): void {
  const p = changetype<Apply>(task);
  for (let i = 0; i < rows; i++) copyWindow(p, staged() + stagedRow * i, p.x, row + i, from, depth);
}

function tile(index: i32): void {
  multiplyTile(index);
  const p = changetype<Apply>(task);
  finish(p.z, p.columns, p.bias, p.relu);
}
