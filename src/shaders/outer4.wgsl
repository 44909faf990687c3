// outer.wgsl where M, N and K are multiples of 4: numbers by fours.
const M: u32 = 64u; // examples
const N: u32 = 784u; // channels in: rows of v without the bias
const K: u32 = 512u; // channels out: columns of v
const BIAS: bool = true; // v has a row N
const MASKED: bool = false; // numbers of v whose mask bit is 0 stay as they are, which is 0

@group(0) @binding(0) var<storage, read_write> v: array<vec4f>; // [R][N (+1)][K / 4]
@group(0) @binding(1) var<storage, read_write> velocity: array<vec4f>; // as v
@group(0) @binding(2) var<storage, read> x: array<vec4f>; // [R][M][N / 4]
@group(0) @binding(3) var<storage, read> e: array<vec4f>; // [R][M][K / 4]
@group(0) @binding(4) var<uniform> rates: array<vec4f>; // [R]: rate, momentum, decay, density

const ROWS = N + u32(BIAS);
const LENGTH = N * K;

fn depth(r: u32) -> u32 { return M; }

// The bias is the weight of an input that is 1: its row of xᵀ is all ones.
fn left(r: u32, i: u32, k: u32) -> mat4x4f {
  let at = (r * M + k * 4u) * (N / 4u) + i;
  let a = transpose(mat4x4f(x[at], x[at + N / 4u], x[at + N / 4u * 2u], x[at + N / 4u * 3u]));
  if (!BIAS) { return a; }
  // Chosen without a branch, which is dear in software.
  return mat4x4f(select(a[0], vec4f(1.0), vec4<bool>(i == N / 4u)), a[1], a[2], a[3]);
}

fn right(r: u32, k: u32, j: u32) -> mat4x4f {
  let at = (r * M + k * 4u) * (K / 4u) + j;
  return mat4x4f(e[at], e[at + K / 4u], e[at + K / 4u * 2u], e[at + K / 4u * 3u]);
}

fn finish(r: u32, n: u32, j: u32, gradient: vec4f) {
  if (n >= ROWS || j >= K / 4u) { return; }
  let at = (r * ROWS + n) * (K / 4u) + j;
  let rate = rates[r];
  let old = v[at];
  var u = rate.y * velocity[at] + gradient + rate.z * old;
  if (MASKED) { u = cut4(r, n * K + j * 4u, u); }
  velocity[at] = u;
  v[at] = old - rate.x * u;
}
