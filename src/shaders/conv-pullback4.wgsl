// conv-pullback.wgsl where INPUTS, OUTPUTS and V_SIZE are multiples of 4: numbers by fours.
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

@group(0) @binding(0) var<storage, read_write> dx: array<vec4f>; // [R][M][HEIGHT][WIDTH][INPUTS / 4]
@group(0) @binding(1) var<storage, read> e: array<vec4f>; // [R][M][OUT_HEIGHT][OUT_WIDTH][OUTPUTS / 4]
@group(0) @binding(2) var<storage, read> v: array<vec4f>; // [R][KERNEL][KERNEL][INPUTS][OUTPUTS / 4] (+ [OUTPUTS / 4])
@group(0) @binding(3) var<storage, read> x: array<vec4f>; // as dx, what the layer below put out

const PLACES: u32 = STRIDE * STRIDE;
const CELLS: u32 = (HEIGHT + STRIDE - 1u) / STRIDE; // rows of cells
const ROW: u32 = ((WIDTH + STRIDE - 1u) / STRIDE + 3u) / 4u; // blocks of a row of cells
const FOURS: u32 = OUTPUTS / 4u;

fn left(r: u32, i: u32, k: u32) -> mat4x4f {
  let line = i / ROW;
  let seen = outputOf(r, k / FOURS); // from cell (0, 0)
  let y = line % CELLS + seen.x; // wraps round in front of the map
  let a = i % ROW * 4u + seen.y + vec4u(0u, 1u, 2u, 3u);
  let within = (a < vec4u(OUT_WIDTH)) & vec4<bool>(y < OUT_HEIGHT);
  let start = ((r / PLACES * M + line / CELLS) * OUT_HEIGHT + min(y, OUT_HEIGHT - 1u)) * OUT_WIDTH;
  let b = (start + min(a, vec4u(OUT_WIDTH - 1u))) * FOURS + k % FOURS;
  return mat4x4f(
    select(vec4f(), e[b.x], within.x), select(vec4f(), e[b.y], within.y),
    select(vec4f(), e[b.z], within.z), select(vec4f(), e[b.w], within.w),
  );
}

fn right(r: u32, k: u32, j: u32) -> mat4x4f {
  let tap = tapOf(r, k / FOURS);
  let at = r / PLACES * (V_SIZE / 4u) + ((tap.x * KERNEL + tap.y) * INPUTS + j * 4u) * FOURS + k % FOURS;
  return transpose(mat4x4f(v[at], v[at + FOURS], v[at + 2u * FOURS], v[at + 3u * FOURS]));
}

fn finish(r: u32, m: u32, j: u32, sum: vec4f) {
  let position = positionOf(r, m);
  if (m >= 4u * ROW * M * CELLS || position.x >= HEIGHT || position.y >= WIDTH || j >= INPUTS / 4u) { return; }
  let map = (r / PLACES * M + m / (4u * ROW * CELLS)) * HEIGHT + position.x;
  let i = (map * WIDTH + position.y) * (INPUTS / 4u) + j;
  var d = sum;
  if (MASK) { d = select(vec4f(), d, x[i] > vec4f()); }
  if (ADD) { d += dx[i]; }
  dx[i] = d;
}
