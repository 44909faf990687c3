import { multiplyAdd } from './block';
import { task } from './crew';
import { column, columns, multiply, multiplyTile, Product, row, rows, sumsOf } from './product';

@unmanaged
class Outer extends Product {
  v: usize = 0;
  velocity: usize = 0;
  /** The bits of the connections that are kept, or 0. */
  mask: usize = 0;
  rate: f32 = 0;
  momentum: f32 = 0;
  decay: f32 = 0;
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
  p.tileRows = 64;
  p.tileColumns = 64;
  p.v = v;
  p.velocity = velocity;
  p.mask = masked ? mask : 0;
  p.rate = load<f32>(rates);
  p.momentum = load<f32>(rates, 4);
  p.decay = load<f32>(rates, 8);
  multiply(tile);
}

function tile(index: i32): void {
  multiplyTile(index);
  const p = changetype<Outer>(task);
  for (let i = 0; i < rows; i++) {
    const first = (row + i) * p.columns + column;
    descend(p, first, sumsOf(i));
    if (p.mask) cut(p, first);
  }
}

/** Takes a row of the tile, which begins at connection `first`, a step along its gradient. */
function descend(p: Outer, first: i32, gradient: usize): void {
  const v = p.v + 4 * first;
  const velocity = p.velocity + 4 * first;
  const rate = f32x4.splat(-p.rate);
  const momentum = f32x4.splat(p.momentum);
  const decay = f32x4.splat(p.decay);
  let j: usize = 0;
  for (; j + 16 <= <usize>(4 * columns); j += 16) {
    const weight = v128.load(v + j);
    const pull = multiplyAdd(decay, weight, v128.load(gradient + j));
    const step = multiplyAdd(momentum, v128.load(velocity + j), pull);
    v128.store(velocity + j, step);
    v128.store(v + j, multiplyAdd(rate, step, weight));
  }
  for (; j < <usize>(4 * columns); j += 4) {
    const weight = load<f32>(v + j);
    const step = p.momentum * load<f32>(velocity + j) + (load<f32>(gradient + j) + p.decay * weight);
    store<f32>(velocity + j, step);
    store<f32>(v + j, weight - p.rate * step);
  }
}

/** Cuts the connections of the row that the mask does not keep. */
function cut(p: Outer, first: i32): void {
  for (let at = first; at < first + columns; at++) {
    const word = load<u32>(p.mask + 4 * (<u32>at >>> 5));
    if (!((word >>> (at & 31)) & 1)) store<f32>(p.v + 4 * at, 0);
  }
}
