import { multiplyAdd } from './block';

/**
 * One step of SGD on the `count` connections of v from `first` on: momentum and coupled decay (rates: rate, momentum,
 * decay), along a gradient that begins at the first of them. What a mask, unless it is 0, does not keep becomes 0.
 */
export function takeStep(
  v: usize,
  velocity: usize,
  gradient: usize,
  rates: usize,
  mask: usize,
  first: i32,
  count: i32,
): void {
  const bytes: usize = 4 * count;
  const weights = v + 4 * first;
  const steps = velocity + 4 * first;
  const rate = load<f32>(rates);
  const momentum = load<f32>(rates, 4);
  const decay = load<f32>(rates, 8);
  let j: usize = 0;
  for (; j + 16 <= bytes; j += 16) {
    const weight = v128.load(weights + j);
    const pull = multiplyAdd(f32x4.splat(decay), weight, v128.load(gradient + j));
    const step = multiplyAdd(f32x4.splat(momentum), v128.load(steps + j), pull);
    v128.store(steps + j, step);
    v128.store(weights + j, multiplyAdd(f32x4.splat(-rate), step, weight));
  }
  for (; j < bytes; j += 4) {
    const weight = load<f32>(weights + j);
    const step = momentum * load<f32>(steps + j) + (load<f32>(gradient + j) + decay * weight);
    store<f32>(steps + j, step);
    store<f32>(weights + j, weight - rate * step);
  }
  if (mask) for (let at = first; at < first + count; at++) if (!isKept(mask, at)) store<f32>(v + 4 * at, 0);
}

function isKept(mask: usize, at: i32): bool {
  const word = load<u32>(mask + 4 * (at >>> 5));
  return ((word >>> (at & 31)) & 1) === 1;
}
