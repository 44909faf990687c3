// z = x correlated with V (+ bias) (then ReLU): a convolution as a product, channels last. A row of the window reads KERNEL ·
// INPUTS numbers that lie side by side in x, and as many rows of V, so the depth runs along the window's rows; what falls
// beside the image counts as zero. Blocks of 4 output positions lie in one output row. Any shape; conv-apply4.wgsl has
// the fast ones. Goes behind quads.wgsl, split.wgsl or tiles.wgsl; needs relu.wgsl.
const M: u32 = 64u; // examples
const HEIGHT: u32 = 28u;
const WIDTH: u32 = 28u;
const INPUTS: u32 = 16u; // channels in
const OUT_HEIGHT: u32 = 14u;
const OUT_WIDTH: u32 = 14u;
const OUTPUTS: u32 = 32u; // channels out
const KERNEL: u32 = 3u;
const STRIDE: u32 = 2u;
const PADDING: u32 = 1u;
const V_SIZE: u32 = 4640u; // numbers of one replica of v
const BIAS: bool = true; // the row of v behind the taps is added
const RELU: bool = true;

@group(0) @binding(0) var<storage, read_write> z: array<f32>; // [R][M][OUT_HEIGHT][OUT_WIDTH][OUTPUTS]
@group(0) @binding(1) var<storage, read> x: array<f32>; // [R][M][HEIGHT][WIDTH][INPUTS]
@group(0) @binding(2) var<storage, read> v: array<f32>; // [R][KERNEL][KERNEL][INPUTS][OUTPUTS] (+ [OUTPUTS])

const ROW: u32 = (OUT_WIDTH + 3u) / 4u; // blocks of an output row
const SPAN: u32 = (KERNEL * INPUTS + 3u) / 4u; // blocks of a window's row
const LINE: u32 = WIDTH * INPUTS; // numbers of an image's row

fn depth(r: u32) -> u32 { return KERNEL * SPAN * 4u; }

fn left(r: u32, i: u32, k: u32) -> mat4x4f {
  let line = i / ROW;
  let y = line % OUT_HEIGHT * STRIDE + k / SPAN - PADDING; // wraps round in front of the image
  let start = ((r * M + line / OUT_HEIGHT) * HEIGHT + min(y, HEIGHT - 1u)) * LINE;
  let n = k % SPAN * 4u + vec4u(0u, 1u, 2u, 3u);
  let within = (n < vec4u(KERNEL * INPUTS)) & vec4<bool>(y < HEIGHT);
  let at = (i % ROW * 4u * STRIDE - PADDING) * INPUTS + n;
  let step = STRIDE * INPUTS;
  return mat4x4f(
    inputs(start, at, within), inputs(start, at + step, within),
    inputs(start, at + 2u * step, within), inputs(start, at + 3u * step, within),
  );
}

fn inputs(start: u32, at: vec4u, within: vec4<bool>) -> vec4f {
  let a = start + min(at, vec4u(LINE - 1u));
  return select(vec4f(), vec4f(x[a.x], x[a.y], x[a.z], x[a.w]), within & (at < vec4u(LINE)));
}

fn right(r: u32, k: u32, j: u32) -> mat4x4f {
  let at = r * V_SIZE + (k / SPAN * KERNEL * INPUTS + k % SPAN * 4u) * OUTPUTS + j * 4u;
  return mat4x4f(weights(at), weights(at + OUTPUTS), weights(at + 2u * OUTPUTS), weights(at + 3u * OUTPUTS));
}

fn weights(at: u32) -> vec4f { return vec4f(v[at], v[at + 1u], v[at + 2u], v[at + 3u]); }

fn finish(r: u32, m: u32, j: u32, sum: vec4f) {
  let line = m / 4u / ROW;
  let column = m % (4u * ROW);
  if (line >= M * OUT_HEIGHT || column >= OUT_WIDTH) { return; }
  for (var n = j * 4u; n < min(OUTPUTS, j * 4u + 4u); n++) {
    var out = sum[n % 4u];
    if (BIAS) { out += v[r * V_SIZE + KERNEL * KERNEL * INPUTS * OUTPUTS + n]; }
    if (RELU) { out = relu(out); }
    z[((r * M * OUT_HEIGHT + line) * OUT_WIDTH + column) * OUTPUTS + n] = out;
  }
}
