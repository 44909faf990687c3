// The weight gradient of a convolution, x correlated with e, over pieces of the examples, as a product: its rows are the
// weights in the order of conv-apply.wgsl's depth, its depth the output positions of a piece, 4 of one output row in a
// block. Any shape; conv-outer4.wgsl has the fast ones. Goes behind quads.wgsl, split.wgsl or tiles.wgsl, which count
// replicas times pieces.
const M: u32 = 64u; // examples
const HEIGHT: u32 = 28u;
const WIDTH: u32 = 28u;
const INPUTS: u32 = 16u; // channels in
const OUT_HEIGHT: u32 = 14u;
const OUT_WIDTH: u32 = 14u;
const OUTPUTS: u32 = 32u; // channels of the error
const KERNEL: u32 = 3u;
const STRIDE: u32 = 2u;
const PADDING: u32 = 1u;
const BIAS: bool = true;
const PIECES: u32 = 64u;
const IMAGES: u32 = 1u; // examples of a piece

@group(0) @binding(0) var<storage, read_write> parts: array<f32>; // [R][PIECES][KERNEL KERNEL INPUTS (+1)][OUTPUTS]
@group(0) @binding(1) var<storage, read> x: array<f32>; // [R][M][HEIGHT][WIDTH][INPUTS]
@group(0) @binding(2) var<storage, read> e: array<f32>; // [R][M][OUT_HEIGHT][OUT_WIDTH][OUTPUTS]

const ROW: u32 = (OUT_WIDTH + 3u) / 4u; // blocks of an output row
const SPAN: u32 = (KERNEL * INPUTS + 3u) / 4u; // blocks of a window's row
const LINE: u32 = WIDTH * INPUTS; // numbers of an image's row
const WEIGHTS: u32 = KERNEL * KERNEL * INPUTS; // rows without the bias
const FOUR: vec4u = vec4u(0u, 1u, 2u, 3u);

fn depth(r: u32) -> u32 { return IMAGES * OUT_HEIGHT * ROW * 4u; }

// The bias is the weight of an input that is 1: its row is all ones.
fn left(r: u32, i: u32, k: u32) -> mat4x4f {
  let line = k / ROW;
  let image = min(r % PIECES * IMAGES + line / OUT_HEIGHT, M - 1u);
  let y = line % OUT_HEIGHT * STRIDE + i / SPAN - PADDING; // wraps round in front of the image
  let start = ((r / PIECES * M + image) * HEIGHT + min(y, HEIGHT - 1u)) * LINE;
  let at = (k % ROW * 4u * STRIDE - PADDING) * INPUTS + i % SPAN * 4u + FOUR;
  let step = STRIDE * INPUTS;
  let within = vec4<bool>(y < HEIGHT);
  let seen = transpose(mat4x4f(
    inputs(start, at, within), inputs(start, at + step, within),
    inputs(start, at + 2u * step, within), inputs(start, at + 3u * step, within),
  ));
  return mat4x4f(select(seen[0], vec4f(1.0), vec4<bool>(i == KERNEL * SPAN)), seen[1], seen[2], seen[3]);
}

fn inputs(start: u32, at: vec4u, within: vec4<bool>) -> vec4f {
  let a = start + min(at, vec4u(LINE - 1u));
  return select(vec4f(), vec4f(x[a.x], x[a.y], x[a.z], x[a.w]), within & (at < vec4u(LINE)));
}

fn right(r: u32, k: u32, j: u32) -> mat4x4f {
  let line = k / ROW;
  let image = r % PIECES * IMAGES + line / OUT_HEIGHT;
  let start = ((r / PIECES * M + min(image, M - 1u)) * OUT_HEIGHT + line % OUT_HEIGHT) * OUT_WIDTH;
  let column = k % ROW * 4u;
  let n = min(j * 4u + FOUR, vec4u(OUTPUTS - 1u));
  return mat4x4f(
    errors(start, column, n, image), errors(start, column + 1u, n, image),
    errors(start, column + 2u, n, image), errors(start, column + 3u, n, image),
  );
}

fn errors(start: u32, column: u32, n: vec4u, image: u32) -> vec4f {
  let a = (start + min(column, OUT_WIDTH - 1u)) * OUTPUTS + n;
  return select(vec4f(), vec4f(e[a.x], e[a.y], e[a.z], e[a.w]), vec4<bool>(column < OUT_WIDTH && image < M));
}

fn finish(r: u32, m: u32, j: u32, sum: vec4f) {
  let i = m / 4u;
  let row = select(i / SPAN * KERNEL * INPUTS + m % (4u * SPAN), WEIGHTS, i == KERNEL * SPAN);
  let inside = m % (4u * SPAN) < KERNEL * INPUTS && i < KERNEL * SPAN;
  let bias = BIAS && m == 4u * KERNEL * SPAN;
  if (!inside && !bias) { return; }
  for (var n = j * 4u; n < min(OUTPUTS, j * 4u + 4u); n++) {
    parts[(r * (WEIGHTS + u32(BIAS)) + row) * OUTPUTS + n] = sum[n % 4u];
  }
}
