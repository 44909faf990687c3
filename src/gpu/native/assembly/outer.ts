import { task } from './crew';
import { column, columns, multiply, multiplyTile, Product, row, rows, sumsOf } from './product';
import { takeStep } from './sgd';

@unmanaged
class Outer extends Product {
  v: usize = 0;
  velocity: usize = 0;
  rates: usize = 0;
  mask: usize = 0;
}

/**
 * One step of SGD (momentum, coupled decay) on v[N(+1),K] with the gradient x[M,N]ᵀ e[M,K]; the bias, row N, has the sums
 * of the errors for a gradient: there x counts as 1.
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
  p.rows = N + i32(bias);
  p.columns = K;
  p.depth = M;
  p.left = x;
  p.leftRow = 4 * N;
  p.leftTurned = true;
  p.leftRows = N;
  p.right = e;
  p.rightRow = 4 * K;
  p.rightTurned = false;
  // Rows of 1 KB: memory is faster than with 256 bytes of each, by a fifth where v is larger than the caches.
  p.tileRows = 64;
  p.tileColumns = 256;
  p.v = v;
  p.velocity = velocity;
  p.rates = rates;
  p.mask = masked ? mask : 0;
  multiply(tile);
}

function tile(index: i32): void {
  multiplyTile(index);
  const p = changetype<Outer>(task);
  for (let i = 0; i < rows; i++) {
    const first = (row + i) * p.columns + column;
    takeStep(p.v, p.velocity, sumsOf(i), p.rates, p.mask, first, columns);
  }
}
