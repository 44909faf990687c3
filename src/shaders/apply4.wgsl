// apply.wgsl where K, N and the sizes are multiples of 4: numbers by fours.
const M: u32 = 64u; // examples (times positions)
const N: u32 = 512u; // channels out
const K: u32 = 784u; // channels in
const X_SIZE: u32 = 50176u; // numbers of one replica of x
const V_SIZE: u32 = 401920u; // and of v
const BIAS: bool = true; // row K of v is added
const RELU: bool = true;

@group(0) @binding(0) var<storage, read_write> z: array<vec4f>; // [R][M][N / 4]
@group(0) @binding(1) var<storage, read> x: array<vec4f>; // [R][M][K / 4]
@group(0) @binding(2) var<storage, read> v: array<vec4f>; // [R][K (+1)][N / 4]

fn depth(r: u32) -> u32 { return K; }

fn left(r: u32, i: u32, k: u32) -> mat4x4f {
  let at = r * (X_SIZE / 4u) + i * K + k;
  return mat4x4f(x[at], x[at + K / 4u], x[at + K / 4u * 2u], x[at + K / 4u * 3u]);
}

fn right(r: u32, k: u32, j: u32) -> mat4x4f {
  let at = r * (V_SIZE / 4u) + k * N + j;
  return mat4x4f(v[at], v[at + N / 4u], v[at + N / 4u * 2u], v[at + N / 4u * 3u]);
}

fn finish(r: u32, m: u32, j: u32, sum: vec4f) {
  if (m >= M || j >= N / 4u) { return; }
  var out = sum;
  if (BIAS) { out += v[r * (V_SIZE / 4u) + K * (N / 4u) + j]; }
  if (RELU) { out = relu4(out); }
  z[(r * M + m) * (N / 4u) + j] = out;
}
