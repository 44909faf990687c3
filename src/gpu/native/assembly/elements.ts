import { share } from './crew';

/** Numbers of a tile, so that it stays in the L2 cache. A multiple of 32, so that no two tiles share a word of a mask. */
const stretch: i32 = 1 << 13;
/** From so many numbers on the helpers take part: that is tens of microseconds of work. */
const worthSharing: i32 = 1 << 16;

/** Calls `tile` for every tile of `count` numbers. One number takes about as long as `weight` loads and stores. */
export function shareElements(tile: (index: i32) => void, count: i32, weight: i32 = 1): void {
  share(tile, (count + stretch - 1) / stretch, count < worthSharing / weight);
}

/** Where tile `index` begins. */
export function firstOf(index: i32): i32 {
  return index * stretch;
}

/** Where it ends. */
export function lastOf(index: i32, count: i32): i32 {
  return min((index + 1) * stretch, count);
}

/** Loads four numbers of which only `left` exist; the others are 0. */
export function take(from: usize, left: i32): v128 {
  return left >= 4 ? v128.load(from) : takeFew(from, left);
}

function takeFew(from: usize, left: i32): v128 {
  let few = v128.load32_zero(from);
  if (left > 1) few = v128.load32_lane(from, few, 1, 4);
  if (left > 2) few = v128.load32_lane(from, few, 2, 8);
  return few;
}

/** Stores the first `left` of four numbers. */
export function put(to: usize, four: v128, left: i32): void {
  if (left >= 4) v128.store(to, four);
  else putFew(to, four, left);
}

function putFew(to: usize, four: v128, left: i32): void {
  v128.store32_lane(to, four, 0);
  if (left > 1) v128.store32_lane(to, four, 1, 4);
  if (left > 2) v128.store32_lane(to, four, 2, 8);
}

/** Four lanes for the connections from `at` on, of which only `left` exist: all bits set where the mask keeps one. */
export function kept(mask: usize, at: i32, left: i32): v128 {
  const word = mask + 4 * (at >>> 5);
  const shift = at & 31;
  let bits = load<u32>(word) >>> shift;
  if (shift + min(left, 4) > 32) bits |= load<u32>(word, 4) << (32 - shift);
  const own = v128.and(i32x4.splat(bits), i32x4(1, 2, 4, 8));
  return i32x4.ne(own, i32x4.splat(0));
}
