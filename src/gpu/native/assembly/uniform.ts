import { scratch, task } from './crew';
import { firstOf, lastOf, put, shareElements } from './elements';
import { drawn, drawUnits } from './philox';

@unmanaged
class Uniform {
  value: usize = 0;
  count: i32 = 0;
  bound: f32 = 0;
  seed: u32 = 0;
  stream: u32 = 0;
  step: u32 = 0;
}

/** value[count] = U(-bound, bound), drawn from (seed, stream, step). */
export function uniform(value: usize, count: i32, bound: f32, seed: usize, stream: u32, clock: usize): void {
  const u = changetype<Uniform>(task);
  u.value = value;
  u.count = count;
  u.bound = bound;
  u.seed = load<u32>(seed);
  u.stream = stream;
  u.step = clock ? load<u32>(clock) : 0;
  shareElements(tile, count, 8);
}

function tile(index: i32): void {
  const u = changetype<Uniform>(task);
  const last = lastOf(index, u.count);
  const bound = f32x4.splat(u.bound);
  for (let at = firstOf(index); at < last; at += drawn) {
    drawUnits(scratch, at, u.seed, u.stream, u.step);
    for (let i = 0; i < drawn && at + i < last; i += 4) {
      const number = v128.load(scratch + 4 * i);
      // Twice a unit less one is exact, so there is one rounding.
      const even = f32x4.sub(f32x4.add(number, number), f32x4.splat(1));
      put(u.value + 4 * (at + i), f32x4.mul(bound, even), last - at - i);
    }
  }
}
