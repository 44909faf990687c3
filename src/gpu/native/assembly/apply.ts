import { task } from './crew';
import { column, columns, multiply, multiplyTile, Product, row, rows, sumsOf } from './product';

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
  p.rows = M;
  p.columns = N;
  p.depth = K;
  p.left = x;
  p.leftRow = 4 * K;
  p.leftTurned = false;
  p.right = v;
  p.rightRow = 4 * N;
  p.rightTurned = false;
  p.tileRows = 64;
  p.tileColumns = 64;
  p.z = z;
  p.bias = bias ? v + 4 * K * N : 0;
  p.relu = relu;
  multiply(tile);
}

function tile(index: i32): void {
  multiplyTile(index);
  const p = changetype<Apply>(task);
  const bias = p.bias ? p.bias + 4 * column : 0;
  for (let i = 0; i < rows; i++) {
    const sums = sumsOf(i);
    const z = p.z + 4 * ((row + i) * p.columns + column);
    let j: usize = 0;
    for (; j + 16 <= <usize>(4 * columns); j += 16) {
      let sum = v128.load(sums + j);
      if (bias) sum = f32x4.add(sum, v128.load(bias + j));
      // Not a maximum: NaN has to pass, and so does -0, as in the twin.
      if (p.relu) sum = v128.andnot(sum, f32x4.lt(sum, f32x4.splat(0)));
      v128.store(z + j, sum);
    }
    for (; j < <usize>(4 * columns); j += 4) {
      let sum = load<f32>(sums + j);
      if (bias) sum += load<f32>(bias + j);
      store<f32>(z + j, p.relu && sum < 0 ? 0 : sum);
    }
  }
}
