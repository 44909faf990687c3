import { task } from './crew';
import { begin, column, columns, multiply, multiplyTile, Product, row, rows, sumsOf } from './product';

@unmanaged
class Pullback extends Product {
  dx: usize = 0;
  /** Where the values are whose ReLU' gates the error, or 0. */
  gate: usize = 0;
  add: bool = false;
}

/** dx[M,N] = e[M,K] v[N,K]ᵀ (∘ 1[x > 0]) (+ dx). */
export function pullback(
  dx: usize,
  e: usize,
  v: usize,
  x: usize,
  M: i32,
  N: i32,
  K: i32,
  gated: bool,
  add: bool,
): void {
  const p = changetype<Pullback>(task);
  begin(p, M, N, K);
  p.left = e;
  p.leftRow = 4 * K;
  p.right = v;
  p.rightRow = 4 * K;
  p.rightTurned = true;
  p.dx = dx;
  p.gate = gated ? x : 0;
  p.add = add;
  multiply(tile);
}

function tile(index: i32): void {
  multiplyTile(index);
  const p = changetype<Pullback>(task);
  for (let i = 0; i < rows; i++) {
    const sums = sumsOf(i);
    const at = 4 * ((row + i) * p.columns + column);
    const dx = p.dx + at;
    const gate = p.gate ? p.gate + at : 0;
    let j: usize = 0;
    for (; j + 16 <= <usize>(4 * columns); j += 16) {
      let sum = v128.load(sums + j);
      if (gate) sum = v128.and(sum, f32x4.gt(v128.load(gate + j), f32x4.splat(0)));
      if (p.add) sum = f32x4.add(sum, v128.load(dx + j));
      v128.store(dx + j, sum);
    }
    for (; j < <usize>(4 * columns); j += 4) {
      let sum = load<f32>(sums + j);
      if (gate && !(load<f32>(gate + j) > 0)) sum = 0;
      store<f32>(dx + j, p.add ? sum + load<f32>(dx + j) : sum);
    }
  }
}
