import { task } from './crew';
import { begin, column, columns, multiply, multiplyTile, Product, row, rows, sumsOf } from './product';

@unmanaged
class Apply extends Product {
  z: usize = 0;
  /** Where the bias lies, or 0. */
  bias: usize = 0;
  relu: bool = false;
}

/** z[M,N] = x[M,K] v[K,N] (+ v's row K) (then ReLU). */
export function apply(z: usize, x: usize, v: usize, M: i32, N: i32, K: i32, bias: bool, relu: bool): void {
  const p = changetype<Apply>(task);
  begin(p, M, N, K);
  p.left = x;
  p.leftRow = 4 * K;
  p.right = v;
  p.rightRow = 4 * N;
  p.z = z;
  p.bias = bias ? v + 4 * K * N : 0;
  p.relu = relu;
  multiply(tile);
}

function tile(index: i32): void {
  multiplyTile(index);
  const p = changetype<Apply>(task);
  finish(p.z, p.columns, p.bias, p.relu);
}

/** Writes the tile's sums to z, whose rows have `across` numbers, with the bias that lies at `bias`, if any, and ReLU. */
export function finish(z: usize, across: i32, bias: usize, relu: bool): void {
  const bytes: usize = 4 * columns;
  const shift = bias ? bias + 4 * column : 0;
  for (let i = 0; i < rows; i++) {
    const sums = sumsOf(i);
    const to = z + 4 * ((row + i) * across + column);
    let j: usize = 0;
    for (; j + 16 <= bytes; j += 16) {
      let sum = v128.load(sums + j);
      if (shift) sum = f32x4.add(sum, v128.load(shift + j));
      // Not a maximum: NaN has to pass.
      if (relu) sum = v128.andnot(sum, f32x4.lt(sum, f32x4.splat(0)));
      v128.store(to + j, sum);
    }
    for (; j < bytes; j += 4) {
      let sum = load<f32>(sums + j);
      if (shift) sum += load<f32>(shift + j);
      store<f32>(to + j, relu && sum < 0 ? 0 : sum);
    }
  }
}
