import { task } from './crew';
import { firstOf, kept, lastOf, put, shareElements, take } from './elements';

@unmanaged
class Thin {
  value: usize = 0;
  full: usize = 0;
  mask: usize = 0;
  count: i32 = 0;
  scale: f32 = 1;
}

/** value[count] = mask ∘ full, divided by √density, which is rates[3], unless `rates` is 0. */
export function thin(value: usize, full: usize, mask: usize, count: i32, rates: usize): void {
  const t = changetype<Thin>(task);
  t.value = value;
  t.full = full;
  t.mask = mask;
  t.count = count;
  t.scale = rates ? 1 / sqrt(load<f32>(rates, 12)) : 1;
  shareElements(tile, count);
}

function tile(index: i32): void {
  const t = changetype<Thin>(task);
  const last = lastOf(index, t.count);
  const scale = f32x4.splat(t.scale);
  for (let at = firstOf(index); at < last; at += 4) {
    const left = last - at;
    const scaled = f32x4.mul(take(t.full + 4 * at, left), scale);
    put(t.value + 4 * at, v128.and(scaled, kept(t.mask, at, left)), left);
  }
}
