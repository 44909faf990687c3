import { task } from './crew';
import {
  begin,
  column,
  columns,
  cutInto,
  multiply,
  multiplyTile,
  Product,
  row,
  rows,
  staged,
  sumsOf,
  turnedRow,
} from './product';
import { takeStep } from './sgd';

@unmanaged
class Outer extends Product {
  x: usize = 0;
  inputs: i32 = 0;
  v: usize = 0;
  velocity: usize = 0;
  rates: usize = 0;
  mask: usize = 0;
}

/**
 * One step of SGD (momentum, coupled decay) on v[N(+1),K] with the gradient x[M,N]ᵀ e[M,K]. The gradient of the bias, row N,
 * is the sum of the errors: there x counts as 1.
 */
export function outer(
  v: usize,
  velocity: usize,
  x: usize,
  e: usize,
  rates: usize,
  mask: usize,
  M: i32,
  N: i32,
  K: i32,
  bias: bool,
  masked: bool,
): void {
  const p = changetype<Outer>(task);
  begin(p, N + i32(bias), K, M);
  p.stage = stage.index;
  p.stagedTurned = true;
  p.right = e;
  p.rightRow = 4 * K;
  // Rows of 1 KB: where v is larger than the caches, this is a fifth faster than 256 bytes of each row.
  cutInto(p, 256);
  p.x = x;
  p.inputs = N;
  p.v = v;
  p.velocity = velocity;
  p.rates = rates;
  p.mask = masked ? mask : 0;
  multiply(tile);
}

/** Copies the part of x that the tile needs, with a 1 in every example for the bias. */
function stage(from: i32, depth: i32): void {
  const p = changetype<Outer>(task);
  const there = min(rows, p.inputs - row);
  let to = staged();
  for (let m = from; m < from + depth; m++, to += turnedRow) {
    memory.copy(to, p.x + 4 * (m * p.inputs + row), 4 * there);
    if (there < rows) store<f32>(to + 4 * there, 1);
  }
}

function tile(index: i32): void {
  multiplyTile(index);
  const p = changetype<Outer>(task);
  for (let i = 0; i < rows; i++) {
    const first = (row + i) * p.columns + column;
    takeStep(p.v, p.velocity, sumsOf(i), p.rates, p.mask, first, columns);
  }
}
