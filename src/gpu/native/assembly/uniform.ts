import { scratch } from './crew';
import { describeDraw, draw } from './draw';
import { firstOf, lastOf, put, shareElements } from './elements';
import { drawn, drawUnits } from './philox';

/** value[count] = U(-bound, bound), drawn from (seed, stream, step). */
export function uniform(value: usize, count: i32, bound: f32, seed: usize, stream: u32, clock: usize): void {
  describeDraw(value, count, bound, seed, stream, clock);
  shareElements(tile, count, 8);
}

function tile(index: i32): void {
  const d = draw();
  const last = lastOf(index, d.count);
  const bound = f32x4.splat(d.scale);
  for (let at = firstOf(index); at < last; at += drawn) {
    drawUnits(scratch, at, d.seed, d.stream, d.step);
    for (let i = 0; i < drawn && at + i < last; i += 4) {
      const number = v128.load(scratch + 4 * i);
      // 2u - 1 is exact, so only the multiplication rounds.
      const even = f32x4.sub(f32x4.add(number, number), f32x4.splat(1));
      put(d.value + 4 * (at + i), f32x4.mul(bound, even), last - at - i);
    }
  }
}
