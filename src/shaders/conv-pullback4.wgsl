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

const CELLS: u32 = (HEIGHT + STRIDE - 1u) / STRIDE; // rows of cells
const ROW: u32 = ((WIDTH + STRIDE - 1u) / STRIDE + 3u) / 4u; // blocks of a row of cells
const BACK: u32 = (KERNEL - 1u - PADDING) / STRIDE; // how far before a cell an output can be that hears of it
const REACH: u32 = BACK + (STRIDE - 1u + PADDING) / STRIDE + 1u; // outputs along a side that hear of a cell
const SPAN: u32 = REACH * OUTPUTS / 4u; // blocks of a row of them
const DEPTH: u32 = REACH * SPAN * 4u;

fn left(r: u32, i: u32, k: u32) -> mat4x4f {
  let line = i / ROW;
  let y = line % CELLS + k / SPAN - BACK; // wraps round in front of the map
  let a = i % ROW * 4u + k % SPAN / (OUTPUTS / 4u) - BACK + vec4u(0u, 1u, 2u, 3u);
  let seen = (a < vec4u(OUT_WIDTH)) & vec4<bool>(y < OUT_HEIGHT);
  let start = ((r * M + line / CELLS) * OUT_HEIGHT + min(y, OUT_HEIGHT - 1u)) * OUT_WIDTH;
  let b = (start + min(a, vec4u(OUT_WIDTH - 1u))) * (OUTPUTS / 4u) + k % (OUTPUTS / 4u);
  return mat4x4f(
    select(vec4f(), e[b.x], seen.x), select(vec4f(), e[b.y], seen.y),
    select(vec4f(), e[b.z], seen.z), select(vec4f(), e[b.w], seen.w),
  );
}

fn right(r: u32, k: u32, j: u32) -> mat4x4f {
  let member = j / (INPUTS / 4u);
  // Output row y + dy hears of row STRIDE y + member / STRIDE through this row of its window; of none where that wraps.
  let row = member / STRIDE + PADDING + STRIDE * BACK - STRIDE * (k / SPAN);
  let column = member % STRIDE + PADDING + STRIDE * BACK - STRIDE * (k % SPAN / (OUTPUTS / 4u));
  let heard = vec4<bool>(row < KERNEL && column < KERNEL);
  let tap = min(row, KERNEL - 1u) * KERNEL + min(column, KERNEL - 1u);
  let at = r * (V_SIZE / 4u) + (tap * INPUTS + j % (INPUTS / 4u) * 4u) * (OUTPUTS / 4u) + k % (OUTPUTS / 4u);
  return transpose(mat4x4f(
    select(vec4f(), v[at], heard), select(vec4f(), v[at + OUTPUTS / 4u], heard),
    select(vec4f(), v[at + OUTPUTS / 4u * 2u], heard), select(vec4f(), v[at + OUTPUTS / 4u * 3u], heard),
  ));
}

fn finish(r: u32, m: u32, j: u32, sum: vec4f) {
  let member = j / (INPUTS / 4u);
  let line = m / 4u / ROW;
  let row = line % CELLS * STRIDE + member / STRIDE;
  let column = m % (4u * ROW) * STRIDE + member % STRIDE;
  if (line >= M * CELLS || row >= HEIGHT || column >= WIDTH || member >= STRIDE * STRIDE) { return; }
  let i = (((r * M + line / CELLS) * HEIGHT + row) * WIDTH + column) * (INPUTS / 4u) + j % (INPUTS / 4u);
  var d = sum;
  if (MASK) { d = select(vec4f(), d, x[i] > vec4f()); }
  if (ADD) { d += dx[i]; }
  dx[i] = d;
}
