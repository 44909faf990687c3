// The error through the transposed convolution with V (times ReLU') (added to what is there), as a product. The input is
// cut into cells of STRIDE × STRIDE positions; every cell hears from the same REACH × REACH outputs around it, so cells
// are the rows of the product, those outputs its depth, and the positions of a cell times their channels its columns.
// A position has a weight of zero where no tap leads. Blocks of 4 cells lie in one row of cells. Any shape;
// conv-pullback4.wgsl has the fast ones. Goes behind quads.wgsl, split.wgsl or tiles.wgsl.
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

const CELLS: u32 = (HEIGHT + STRIDE - 1u) / STRIDE; // rows of cells
const ROW: u32 = ((WIDTH + STRIDE - 1u) / STRIDE + 3u) / 4u; // blocks of a row of cells
const BACK: u32 = (KERNEL - 1u - PADDING) / STRIDE; // how far before a cell an output can be that hears of it
const REACH: u32 = BACK + (STRIDE - 1u + PADDING) / STRIDE + 1u; // outputs along a side that hear of a cell
const FOURS: u32 = (OUTPUTS + 3u) / 4u;
const SPAN: u32 = REACH * FOURS; // blocks of a row of them
const GROUPS: u32 = (INPUTS + 3u) / 4u; // blocks of a position's channels
const DEPTH: u32 = REACH * SPAN * 4u;
const FOUR: vec4u = vec4u(0u, 1u, 2u, 3u);

fn left(r: u32, i: u32, k: u32) -> mat4x4f {
  let line = i / ROW;
  let y = line % CELLS + k / SPAN - BACK; // wraps round in front of the map
  let column = i % ROW * 4u + k % SPAN / FOURS - BACK;
  let start = ((r * M + line / CELLS) * OUT_HEIGHT + min(y, OUT_HEIGHT - 1u)) * OUT_WIDTH;
  let n = k % FOURS * 4u + FOUR;
  let seen = (n < vec4u(OUTPUTS)) & vec4<bool>(y < OUT_HEIGHT);
  return mat4x4f(
    errors(start, column, n, seen), errors(start, column + 1u, n, seen),
    errors(start, column + 2u, n, seen), errors(start, column + 3u, n, seen),
  );
}

fn errors(start: u32, column: u32, n: vec4u, seen: vec4<bool>) -> vec4f {
  let a = (start + min(column, OUT_WIDTH - 1u)) * OUTPUTS + n;
  return select(vec4f(), vec4f(e[a.x], e[a.y], e[a.z], e[a.w]), seen & vec4<bool>(column < OUT_WIDTH));
}

fn right(r: u32, k: u32, j: u32) -> mat4x4f {
  let member = j / GROUPS;
  // Output row y + dy hears of row STRIDE y + member / STRIDE through this row of its window; of none where that wraps.
  let row = member / STRIDE + PADDING + STRIDE * BACK - STRIDE * (k / SPAN);
  let column = member % STRIDE + PADDING + STRIDE * BACK - STRIDE * (k % SPAN / FOURS);
  let heard = vec4<bool>(row < KERNEL && column < KERNEL);
  let tap = min(row, KERNEL - 1u) * KERNEL + min(column, KERNEL - 1u);
  let at = r * V_SIZE + (tap * INPUTS + j % GROUPS * 4u) * OUTPUTS + k % FOURS * 4u;
  return transpose(mat4x4f(
    weights(at, heard), weights(at + OUTPUTS, heard),
    weights(at + 2u * OUTPUTS, heard), weights(at + 3u * OUTPUTS, heard),
  ));
}

fn weights(at: u32, heard: vec4<bool>) -> vec4f {
  return select(vec4f(), vec4f(v[at], v[at + 1u], v[at + 2u], v[at + 3u]), heard);
}

fn finish(r: u32, m: u32, j: u32, sum: vec4f) {
  let member = j / GROUPS;
  let line = m / 4u / ROW;
  let row = line % CELLS * STRIDE + member / STRIDE;
  let column = m % (4u * ROW) * STRIDE + member % STRIDE;
  if (line >= M * CELLS || row >= HEIGHT || column >= WIDTH || member >= STRIDE * STRIDE) { return; }
  let n = j % GROUPS * 4u;
  for (var c = 0u; c < min(4u, INPUTS - n); c++) {
    let i = (((r * M + line / CELLS) * HEIGHT + row) * WIDTH + column) * INPUTS + n + c;
    var d = sum[c];
    if (MASK) { d = select(0.0, d, x[i] > 0.0); }
    if (ADD) { d += dx[i]; }
    dx[i] = d;
  }
}
