import { task } from './crew';
import { Product } from './product';

/**
 * A product whose left factor is the windows that a convolution's output positions see. Maps have their channels last, so a
 * row of a window, `kernel` pixels of `inputs` channels, lies in one piece. What is beyond the map's edges counts as 0.
 */
@unmanaged
export class Convolution extends Product {
  examples: i32 = 0;
  height: i32 = 0;
  width: i32 = 0;
  inputs: i32 = 0;
  outHeight: i32 = 0;
  outWidth: i32 = 0;
  outputs: i32 = 0;
  kernel: i32 = 0;
  stride: i32 = 0;
  padding: i32 = 0;
}

/** Sets the sizes of the next convolution. */
export function connect(
  examples: i32,
  height: i32,
  width: i32,
  inputs: i32,
  outHeight: i32,
  outWidth: i32,
  outputs: i32,
  kernel: i32,
  stride: i32,
  padding: i32,
): void {
  const c = changetype<Convolution>(task);
  c.examples = examples;
  c.height = height;
  c.width = width;
  c.inputs = inputs;
  c.outHeight = outHeight;
  c.outWidth = outWidth;
  c.outputs = outputs;
  c.kernel = kernel;
  c.stride = stride;
  c.padding = padding;
}

/** Output positions of all examples. */
export function positionsOf(c: Convolution): i32 {
  return c.examples * c.outHeight * c.outWidth;
}

/** Numbers of a window. */
export function windowSize(c: Convolution): i32 {
  return c.kernel * c.kernel * c.inputs;
}

/** The part of a window's row that is on the map: numbers `low` to before `high`. Number 0 would lie at `at` of the map. */
let low: i32 = 0;
let high: i32 = 0;
let at: i32 = 0;

/** Finds row `u` of the window of an output position. */
function findRow(c: Convolution, position: i32, u: i32): void {
  const line = position / c.outWidth;
  const left = (position % c.outWidth) * c.stride - c.padding;
  const y = (line % c.outHeight) * c.stride + u - c.padding;
  const m = line / c.outHeight;
  at = ((m * c.height + y) * c.width + left) * c.inputs;
  low = max(-left, 0) * c.inputs;
  high = y < 0 || y >= c.height ? low : max(low, min(c.kernel, c.width - left) * c.inputs);
}

/** to[count] = the window of an output position from number `first` on. */
export function copyWindow(c: Convolution, to: usize, map: usize, position: i32, first: i32, count: i32): void {
  const run = c.kernel * c.inputs;
  const last = first + count;
  for (let u = first / run; u * run < last; u++) {
    findRow(c, position, u);
    const start = max(first - u * run, 0);
    const end = min(last - u * run, run);
    let i = start;
    const begin = min(low, end);
    for (; i < begin; i++, to += 4) store<f32>(to, 0);
    const edge = min(high, end);
    for (; i + 4 <= edge; i += 4, to += 16) v128.store(to, v128.load(map + 4 * (at + i)));
    for (; i < edge; i++, to += 4) store<f32>(to, load<f32>(map + 4 * (at + i)));
    for (; i < end; i++, to += 4) store<f32>(to, 0);
  }
}

/** Adds numbers to the window of an output position from number `first` on, unless `gate` is not above 0 there. */
export function addWindow(
  c: Convolution,
  map: usize,
  gate: usize,
  numbers: usize,
  position: i32,
  first: i32,
  count: i32,
): void {
  const run = c.kernel * c.inputs;
  const last = first + count;
  for (let u = first / run; u * run < last; u++) {
    findRow(c, position, u);
    const end = min(min(last - u * run, run), high);
    let i = max(max(first - u * run, 0), low);
    const from = numbers + 4 * (u * run - first);
    for (; i + 4 <= end; i += 4) {
      const place = 4 * (at + i);
      let sum = v128.load(from + 4 * i);
      if (gate) sum = v128.and(sum, f32x4.gt(v128.load(gate + place), f32x4.splat(0)));
      v128.store(map + place, f32x4.add(v128.load(map + place), sum));
    }
    for (; i < end; i++) {
      const place = 4 * (at + i);
      if (!gate || load<f32>(gate + place) > 0)
        store<f32>(map + place, load<f32>(map + place) + load<f32>(from + 4 * i));
    }
  }
}
