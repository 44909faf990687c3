import { task } from './crew';
import { firstOf, kept, lastOf, put, shareElements, take } from './elements';

@unmanaged
class Follow {
  value: usize = 0;
  weight: usize = 0;
  /** Address of the magnitudes; 0 where all of them are `size`. */
  magnitude: usize = 0;
  mask: usize = 0;
  count: i32 = 0;
  size: f32 = 0;
}

/** value[count] = mask ∘ sign(weight) ∘ |magnitude|, or ∘ size unless they are drawn. */
export function follow(
  value: usize,
  weight: usize,
  magnitude: usize,
  mask: usize,
  count: i32,
  size: f32,
  drawn: bool,
): void {
  const f = changetype<Follow>(task);
  f.value = value;
  f.weight = weight;
  f.magnitude = drawn ? magnitude : 0;
  f.mask = mask;
  f.count = count;
  f.size = size;
  shareElements(tile, count);
}

function tile(index: i32): void {
  const f = changetype<Follow>(task);
  const last = lastOf(index, f.count);
  const zero = f32x4.splat(0);
  let size = f32x4.splat(f.size);
  for (let at = firstOf(index); at < last; at += 4) {
    const left = last - at;
    const weight = take(f.weight + 4 * at, left);
    if (f.magnitude) size = f32x4.abs(take(f.magnitude + 4 * at, left));
    const above = v128.and(size, f32x4.gt(weight, zero));
    const signed = v128.bitselect(f32x4.neg(size), above, f32x4.lt(weight, zero));
    // A NaN weight has no sign. The comparison sets all its bits, which is a NaN again.
    const followed = v128.or(signed, f32x4.ne(weight, weight));
    put(f.value + 4 * at, v128.and(followed, kept(f.mask, at, left)), left);
  }
}
