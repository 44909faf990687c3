// pullback.wgsl where K, N and the size are multiples of 4: numbers by fours.
const M: u32 = 64u; // examples
const N: u32 = 512u; // channels in: the rows of v
const K: u32 = 512u; // channels of the error: the columns of v
const V_SIZE: u32 = 262656u; // numbers of one replica of v
const MASK: bool = true; // multiply by 1[x > 0]
const ADD: bool = false; // add to dx

@group(0) @binding(0) var<storage, read_write> dx: array<vec4f>; // [R][M][N / 4]
@group(0) @binding(1) var<storage, read> e: array<vec4f>; // [R][M][K / 4]
@group(0) @binding(2) var<storage, read> v: array<vec4f>; // [R][N (+1)][K / 4]
@group(0) @binding(3) var<storage, read> x: array<vec4f>; // [R][M][N / 4], what the layer below put out

fn depth(r: u32) -> u32 { return K; }

fn left(r: u32, i: u32, k: u32) -> mat4x4f {
  let at = r * M * (K / 4u) + i * K + k;
  return mat4x4f(e[at], e[at + K / 4u], e[at + K / 4u * 2u], e[at + K / 4u * 3u]);
}

fn right(r: u32, k: u32, j: u32) -> mat4x4f {
  let at = r * (V_SIZE / 4u) + j * K + k;
  return transpose(mat4x4f(v[at], v[at + K / 4u], v[at + K / 4u * 2u], v[at + K / 4u * 3u]));
}

fn finish(r: u32, m: u32, j: u32, sum: vec4f) {
  if (m >= M || j >= N / 4u) { return; }
  let at = (r * M + m) * (N / 4u) + j;
  var d = sum;
  if (MASK) { d = select(vec4f(), d, x[at] > vec4f()); }
  if (ADD) { d += dx[at]; }
  dx[at] = d;
}
