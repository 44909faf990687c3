import { multiplyAdd } from './block';
import { kept, put, take } from './elements';

/**
 * One step of SGD on the `count` connections of v from `first` on, with momentum and coupled decay (rates: rate, momentum,
 * decay). The gradient begins at the first of them. Connections that a mask cuts do not change; `mask` 0 means none.
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
  const weights = v + 4 * first;
  const steps = velocity + 4 * first;
  const rate = f32x4.splat(-load<f32>(rates));
  const momentum = v128.load32_splat(rates, 4);
  const decay = v128.load32_splat(rates, 8);
  for (let j = 0; j < count; j += 4) {
    const left = count - j;
    const at = 4 * j;
    const weight = take(weights + at, left);
    const pull = multiplyAdd(decay, weight, take(gradient + at, left));
    const moved = multiplyAdd(momentum, take(steps + at, left), pull);
    const step = mask ? v128.and(moved, kept(mask, first + j, left)) : moved;
    put(steps + at, step, left);
    put(weights + at, multiplyAdd(rate, step, weight), left);
  }
}
