// The error of pooled windows, back to what they were pooled from (times ReLU') (added to what is there). A thread an
// input gathers from the windows that see it, so that nothing is added up in a race; which number of a window was the
// largest is found again instead of remembered. Needs nan.wgsl.
const M: u32 = 64u; // examples
const HEIGHT: u32 = 28u; // the map that was pooled
const WIDTH: u32 = 28u;
const CHANNELS: u32 = 16u;
const OUT_HEIGHT: u32 = 14u;
const OUT_WIDTH: u32 = 14u;
const ROWS: u32 = 2u; // the window
const COLUMNS: u32 = 2u;
const STRIDE: u32 = 2u;
const PADDING: u32 = 0u;
const MAX: bool = true; // the largest; otherwise the average
const MASK: bool = false; // multiply by 1[x > 0]
const ADD: bool = false; // add to dx

@group(0) @binding(0) var<storage, read_write> dx: array<f32>; // [R][M][HEIGHT][WIDTH][CHANNELS]
@group(0) @binding(1) var<storage, read> e: array<f32>; // [R][M][OUT_HEIGHT][OUT_WIDTH][CHANNELS]
@group(0) @binding(2) var<storage, read> x: array<f32>; // as dx

const COUNT: u32 = M * HEIGHT * WIDTH * CHANNELS;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  for (var i = id.x; i < COUNT; i += groups.x * 64u) {
    let channel = i % CHANNELS;
    let position = i / CHANNELS;
    let image = id.z * M + position / (HEIGHT * WIDTH);
    let row = position / WIDTH % HEIGHT;
    let column = position % WIDTH;
    let at = id.z * COUNT + i;
    var sum = 0.0;
    for (var oy = first(row, ROWS); oy <= min((row + PADDING) / STRIDE, OUT_HEIGHT - 1u); oy++) {
      for (var ox = first(column, COLUMNS); ox <= min((column + PADDING) / STRIDE, OUT_WIDTH - 1u); ox++) {
        if (MAX) { if (largest(image, oy, ox, channel) != at) { continue; } }
        sum += e[((image * OUT_HEIGHT + oy) * OUT_WIDTH + ox) * CHANNELS + channel];
      }
    }
    if (!MAX) { sum /= f32(ROWS * COLUMNS); }
    if (MASK) { sum = select(0.0, sum, x[at] > 0.0); }
    if (ADD) { sum += dx[at]; }
    dx[at] = sum;
  }
}

// The first window that sees this row or column.
fn first(at: u32, size: u32) -> u32 { return (max(at + PADDING + 1u, size) - size + STRIDE - 1u) / STRIDE; }

// Where a window's largest number is, the first of several. What is no number is larger than any.
fn largest(image: u32, oy: u32, ox: u32, channel: u32) -> u32 {
  let top = max(oy * STRIDE, PADDING) - PADDING;
  let left = max(ox * STRIDE, PADDING) - PADDING;
  var best = ((image * HEIGHT + top) * WIDTH + left) * CHANNELS + channel;
  for (var row = top; row < min(oy * STRIDE + ROWS - PADDING, HEIGHT); row++) {
    for (var column = left; column < min(ox * STRIDE + COLUMNS - PADDING, WIDTH); column++) {
      let at = ((image * HEIGHT + row) * WIDTH + column) * CHANNELS + channel;
      if (x[at] > x[best] || isNan(x[at])) { best = at; }
    }
  }
  return best;
}
