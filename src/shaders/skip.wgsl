// y += x (then ReLU): a residual block's shortcut, onto what its main path made. Where the shapes differ x gives every
// STRIDE-th row and column, and has channels of zeros around it. Needs relu.wgsl in front.
const M: u32 = 64u; // examples
const HEIGHT: u32 = 16u; // the source
const WIDTH: u32 = 16u;
const CHANNELS: u32 = 16u;
const OUT_HEIGHT: u32 = 8u; // what it is added to
const OUT_WIDTH: u32 = 8u;
const OUT_CHANNELS: u32 = 32u;
const STRIDE: u32 = 2u;
const FRONT: u32 = 8u; // channels of zeros in front of the source's
const RELU: bool = true;

@group(0) @binding(0) var<storage, read_write> y: array<f32>; // [R][M][OUT_HEIGHT][OUT_WIDTH][OUT_CHANNELS]
@group(0) @binding(1) var<storage, read> x: array<f32>; // [R][M][HEIGHT][WIDTH][CHANNELS]

const SAME: bool = STRIDE == 1u && CHANNELS == OUT_CHANNELS;
const COUNT: u32 = M * OUT_HEIGHT * OUT_WIDTH * OUT_CHANNELS;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  for (var i = id.x; i < COUNT; i += groups.x * 64u) {
    var sum = y[id.z * COUNT + i];
    if (SAME) { sum += x[id.z * COUNT + i]; } else { sum += shortcut(id.z, i); }
    if (RELU) { sum = relu(sum); }
    y[id.z * COUNT + i] = sum;
  }
}

fn shortcut(r: u32, i: u32) -> f32 {
  let position = i / OUT_CHANNELS;
  let image = r * M + position / (OUT_HEIGHT * OUT_WIDTH);
  let row = position / OUT_WIDTH % OUT_HEIGHT * STRIDE;
  let column = position % OUT_WIDTH * STRIDE;
  let channel = i % OUT_CHANNELS - FRONT; // wraps round in front
  if (channel >= CHANNELS) { return 0.0; }
  return x[((image * HEIGHT + row) * WIDTH + column) * CHANNELS + channel];
}
