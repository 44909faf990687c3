// conv-apply.wgsl where INPUTS, OUTPUTS and V_SIZE are multiples of 4: numbers by fours, none of which straddles two pixels.
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

@group(0) @binding(0) var<storage, read_write> z: array<vec4f>; // [R][M][OUT_HEIGHT][OUT_WIDTH][OUTPUTS / 4]
@group(0) @binding(1) var<storage, read> x: array<vec4f>; // [R][M][HEIGHT][WIDTH][INPUTS / 4]
@group(0) @binding(2) var<storage, read> v: array<vec4f>; // [R][KERNEL][KERNEL][INPUTS][OUTPUTS / 4] (+ [OUTPUTS / 4])

const ROW: u32 = (OUT_WIDTH + 3u) / 4u; // blocks of an output row
const SPAN: u32 = KERNEL * INPUTS / 4u; // blocks of a window's row
const LINE: u32 = WIDTH * INPUTS / 4u; // fours of an image's row

fn depth(r: u32) -> u32 { return KERNEL * SPAN * 4u; }

fn left(r: u32, i: u32, k: u32) -> mat4x4f {
  let line = i / ROW;
  let y = line % OUT_HEIGHT * STRIDE + k / SPAN - PADDING; // wraps round in front of the image
  let start = ((r * M + line / OUT_HEIGHT) * HEIGHT + min(y, HEIGHT - 1u)) * LINE;
  let at = (i % ROW * 4u * STRIDE - PADDING) * (INPUTS / 4u) + k % SPAN;
  let step = STRIDE * INPUTS / 4u;
  let a = at + step * vec4u(0u, 1u, 2u, 3u);
  let seen = (a < vec4u(LINE)) & vec4<bool>(y < HEIGHT);
  let b = start + min(a, vec4u(LINE - 1u));
  return mat4x4f(
    select(vec4f(), x[b.x], seen.x), select(vec4f(), x[b.y], seen.y),
    select(vec4f(), x[b.z], seen.z), select(vec4f(), x[b.w], seen.w),
  );
}

fn right(r: u32, k: u32, j: u32) -> mat4x4f {
  let at = r * (V_SIZE / 4u) + k * OUTPUTS + j;
  return mat4x4f(v[at], v[at + OUTPUTS / 4u], v[at + OUTPUTS / 4u * 2u], v[at + OUTPUTS / 4u * 3u]);
}

fn finish(r: u32, m: u32, j: u32, sum: vec4f) {
  let line = m / 4u / ROW;
  let column = m % (4u * ROW);
  if (line >= M * OUT_HEIGHT || column >= OUT_WIDTH || j >= OUTPUTS / 4u) { return; }
  var out = sum;
  if (BIAS) { out += v[r * (V_SIZE / 4u) + KERNEL * KERNEL * INPUTS * (OUTPUTS / 4u) + j]; }
  if (RELU) { out = relu4(out); }
  z[((r * M * OUT_HEIGHT + line) * OUT_WIDTH + column) * (OUTPUTS / 4u) + j] = out;
}
