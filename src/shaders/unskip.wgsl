// The error of a residual sum, back through the shortcut to its source (times ReLU') (added to what is there).
const M: u32 = 64u; // examples
const HEIGHT: u32 = 16u; // the source
const WIDTH: u32 = 16u;
const CHANNELS: u32 = 16u;
const OUT_HEIGHT: u32 = 8u; // what it was added to
const OUT_WIDTH: u32 = 8u;
const OUT_CHANNELS: u32 = 32u;
const STRIDE: u32 = 2u;
const FRONT: u32 = 8u; // channels of zeros in front of the source's
const MASK: bool = true; // multiply by 1[x > 0]
const ADD: bool = false; // add to dx

@group(0) @binding(0) var<storage, read_write> dx: array<f32>; // [R][M][HEIGHT][WIDTH][CHANNELS]
@group(0) @binding(1) var<storage, read> e: array<f32>; // [R][M][OUT_HEIGHT][OUT_WIDTH][OUT_CHANNELS]
@group(0) @binding(2) var<storage, read> x: array<f32>; // as dx

const SAME: bool = STRIDE == 1u && CHANNELS == OUT_CHANNELS;
const COUNT: u32 = M * HEIGHT * WIDTH * CHANNELS;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  for (var i = id.x; i < COUNT; i += groups.x * 64u) {
    let at = id.z * COUNT + i;
    var error = 0.0;
    if (SAME) { error = e[at]; } else { error = shortcut(id.z, i); }
    if (MASK) { error = select(0.0, error, x[at] > 0.0); }
    if (ADD) { error += dx[at]; }
    dx[at] = error;
  }
}

fn shortcut(r: u32, i: u32) -> f32 {
  let position = i / CHANNELS;
  let image = r * M + position / (HEIGHT * WIDTH);
  let row = position / WIDTH % HEIGHT;
  let column = position % WIDTH;
  if (row % STRIDE > 0u || column % STRIDE > 0u) { return 0.0; }
  return e[((image * OUT_HEIGHT + row / STRIDE) * OUT_WIDTH + column / STRIDE) * OUT_CHANNELS + i % CHANNELS + FRONT];
}
