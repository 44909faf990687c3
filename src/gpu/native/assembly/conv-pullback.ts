import { share, task } from './crew';
import { begin, column, columns, cutInto, isSmall, multiplyAt, row, rows, sumsOf } from './product';
import { addWindow, Convolution, positionsOf, windowSize } from './windows';

@unmanaged
class Pullback extends Convolution {
  dx: usize = 0;
  /** Where the values are whose ReLU' gates the error, or 0. */
  gate: usize = 0;
  add: bool = false;
}

/**
 * dx = the error e[positions,outputs] through the transposed convolution with v[window,outputs] (∘ 1[x > 0]) (+ dx): each
 * position's error times vᵀ is added to the window that it saw.
 */
export function convPullback(dx: usize, e: usize, v: usize, x: usize, gated: bool, add: bool): void {
  const p = changetype<Pullback>(task);
  begin(p, positionsOf(p), windowSize(p), p.outputs);
  cutInto(p, 256);
  p.left = e;
  p.leftRow = 4 * p.outputs;
  p.right = v;
  p.rightRow = 4 * p.outputs;
  p.rightTurned = true;
  p.dx = dx;
  p.gate = gated ? x : 0;
  p.add = add;
  // Windows of one example overlap, those of two never do: so a tile stays within an example.
  share(example, p.examples, isSmall(p));
}

function example(m: i32): void {
  const p = changetype<Pullback>(task);
  const size = p.height * p.width * p.inputs;
  if (!p.add) memory.fill(p.dx + 4 * m * size, 0, 4 * size);
  const positions = p.outHeight * p.outWidth;
  const last = (m + 1) * positions;
  for (let i = m * positions; i < last; i += p.tileRows)
    for (let j = 0; j < p.columns; j += p.tileColumns) {
      multiplyAt(0, i, last, j);
      for (let k = 0; k < rows; k++) addWindow(p, p.dx, p.gate, sumsOf(k), row + k, column, columns);
    }
}
