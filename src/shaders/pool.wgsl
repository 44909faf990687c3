// x where `by` is largest in each window, or the average of x, a channel at a time. A thread an output. Needs nan.wgsl.
const M: u32 = 64u; // examples
const HEIGHT: u32 = 28u; // the map that is pooled
const WIDTH: u32 = 28u;
const CHANNELS: u32 = 16u;
const OUT_HEIGHT: u32 = 14u;
const OUT_WIDTH: u32 = 14u;
const ROWS: u32 = 2u; // the window
const COLUMNS: u32 = 2u;
const STRIDE: u32 = 2u;
const PADDING: u32 = 0u;
const MAX: bool = true; // otherwise the average, padding counting as zeros

@group(0) @binding(0) var<storage, read_write> y: array<f32>; // [R][M][OUT_HEIGHT][OUT_WIDTH][CHANNELS]
@group(0) @binding(1) var<storage, read> x: array<f32>; // [R][M][HEIGHT][WIDTH][CHANNELS]
@group(0) @binding(2) var<storage, read> by: array<f32>; // as x

const COUNT: u32 = M * OUT_HEIGHT * OUT_WIDTH * CHANNELS;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  for (var i = id.x; i < COUNT; i += groups.x * 64u) {
    let position = i / CHANNELS;
    let image = id.z * M + position / (OUT_HEIGHT * OUT_WIDTH);
    let oy = position / OUT_WIDTH % OUT_HEIGHT * STRIDE;
    let ox = position % OUT_WIDTH * STRIDE;
    let top = max(oy, PADDING) - PADDING;
    let left = max(ox, PADDING) - PADDING;
    var best = ((image * HEIGHT + top) * WIDTH + left) * CHANNELS + i % CHANNELS;
    var sum = 0.0;
    for (var row = top; row < min(oy + ROWS - PADDING, HEIGHT); row++) {
      for (var column = left; column < min(ox + COLUMNS - PADDING, WIDTH); column++) {
        let at = ((image * HEIGHT + row) * WIDTH + column) * CHANNELS + i % CHANNELS;
        if (MAX) { if (by[at] > by[best] || isNan(by[at])) { best = at; } } else { sum += x[at]; }
      }
    }
    if (MAX) { sum = x[best]; } else { sum /= f32(ROWS * COLUMNS); }
    y[id.z * COUNT + i] = sum;
  }
}
