// The error through the transposed convolution with V (times ReLU') (added to what is there), as products. The input is
// cut into cells of STRIDE × STRIDE positions. Those at one place in their cells all hear of outputs through the same taps,
// and through no others, so each place is a product of its own: its rows are the cells, 4 of one row of cells in a block,
// its depth the taps and their channels, its columns the channels of the position. Any shape; conv-pullback4.wgsl has the
// fast ones. Goes behind quads.wgsl, split.wgsl or tiles.wgsl, which count replicas times places.
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
const V_SIZE: u32 = 4640u; // numbers of one replica of v
const MASK: bool = true; // multiply by 1[x > 0]
const ADD: bool = false; // add to dx

@group(0) @binding(0) var<storage, read_write> dx: array<f32>; // [R][M][HEIGHT][WIDTH][INPUTS]
@group(0) @binding(1) var<storage, read> e: array<f32>; // [R][M][OUT_HEIGHT][OUT_WIDTH][OUTPUTS]
@group(0) @binding(2) var<storage, read> v: array<f32>; // [R][KERNEL][KERNEL][INPUTS][OUTPUTS] (+ [OUTPUTS])
@group(0) @binding(3) var<storage, read> x: array<f32>; // as dx, what the layer below put out

const PLACES: u32 = STRIDE * STRIDE;
const CELLS: u32 = (HEIGHT + STRIDE - 1u) / STRIDE; // rows of cells
const ROW: u32 = ((WIDTH + STRIDE - 1u) / STRIDE + 3u) / 4u; // blocks of a row of cells
const FOURS: u32 = (OUTPUTS + 3u) / 4u;
const FOUR: vec4u = vec4u(0u, 1u, 2u, 3u);

fn left(r: u32, i: u32, k: u32) -> mat4x4f {
  let line = i / ROW;
  let seen = outputOf(r, k / FOURS); // from cell (0, 0)
  let y = line % CELLS + seen.x; // wraps round in front of the map
  let column = i % ROW * 4u + seen.y;
  let start = ((r / PLACES * M + line / CELLS) * OUT_HEIGHT + min(y, OUT_HEIGHT - 1u)) * OUT_WIDTH;
  let n = k % FOURS * 4u + FOUR;
  let within = (n < vec4u(OUTPUTS)) & vec4<bool>(y < OUT_HEIGHT);
  return mat4x4f(
    errors(start, column, n, within), errors(start, column + 1u, n, within),
    errors(start, column + 2u, n, within), errors(start, column + 3u, n, within),
  );
}

fn errors(start: u32, column: u32, n: vec4u, within: vec4<bool>) -> vec4f {
  let a = (start + min(column, OUT_WIDTH - 1u)) * OUTPUTS + n;
  return select(vec4f(), vec4f(e[a.x], e[a.y], e[a.z], e[a.w]), within & vec4<bool>(column < OUT_WIDTH));
}

fn right(r: u32, k: u32, j: u32) -> mat4x4f {
  let tap = tapOf(r, k / FOURS);
  let at = r / PLACES * V_SIZE + ((tap.x * KERNEL + tap.y) * INPUTS + j * 4u) * OUTPUTS + k % FOURS * 4u;
  return transpose(mat4x4f(weights(at), weights(at + OUTPUTS), weights(at + 2u * OUTPUTS), weights(at + 3u * OUTPUTS)));
}

fn weights(at: u32) -> vec4f { return vec4f(v[at], v[at + 1u], v[at + 2u], v[at + 3u]); }

fn finish(r: u32, m: u32, j: u32, sum: vec4f) {
  let position = positionOf(r, m);
  if (m >= 4u * ROW * M * CELLS || position.x >= HEIGHT || position.y >= WIDTH) { return; }
  let start = ((r / PLACES * M + m / (4u * ROW * CELLS)) * HEIGHT + position.x) * WIDTH + position.y;
  for (var n = j * 4u; n < min(INPUTS, j * 4u + 4u); n++) {
    let i = start * INPUTS + n;
    var d = sum[n % 4u];
    if (MASK) { d = select(0.0, d, x[i] > 0.0); }
    if (ADD) { d += dx[i]; }
    dx[i] = d;
  }
}
