// z = x V (+ bias) (then ReLU): the forward application of a weight, and the 1×1 projection of an error. Any
// shape; apply4.wgsl has the fast ones. Goes behind quads.wgsl, split.wgsl or tiles.wgsl; needs relu.wgsl.
const M: u32 = 64u; // examples (times positions)
const N: u32 = 512u; // channels out
const K: u32 = 784u; // channels in
const X_SIZE: u32 = 50176u; // numbers of one replica of x
const V_SIZE: u32 = 401920u; // and of v
const BIAS: bool = true; // row K of v is added
const RELU: bool = true;

@group(0) @binding(0) var<storage, read_write> z: array<f32>; // [R][M][N]
@group(0) @binding(1) var<storage, read> x: array<f32>; // [R][M][K]
@group(0) @binding(2) var<storage, read> v: array<f32>; // [R][K (+1)][N]

fn depth(r: u32) -> u32 { return K; }

fn left(r: u32, i: u32, k: u32) -> mat4x4f {
  let m = i * 4u;
  return mat4x4f(inputs(r, m, k), inputs(r, m + 1u, k), inputs(r, m + 2u, k), inputs(r, m + 3u, k));
}

fn inputs(r: u32, m: u32, k: u32) -> vec4f {
  let at = r * X_SIZE + m * K + k * 4u;
  return select(vec4f(), vec4f(x[at], x[at + 1u], x[at + 2u], x[at + 3u]), k * 4u + vec4u(0u, 1u, 2u, 3u) < vec4u(K));
}

fn right(r: u32, k: u32, j: u32) -> mat4x4f {
  let row = k * 4u;
  return mat4x4f(weights(r, row, j), weights(r, row + 1u, j), weights(r, row + 2u, j), weights(r, row + 3u, j));
}

fn weights(r: u32, k: u32, j: u32) -> vec4f {
  let at = r * V_SIZE + k * N + j * 4u;
  return select(vec4f(), vec4f(v[at], v[at + 1u], v[at + 2u], v[at + 3u]), vec4<bool>(k < K));
}

fn finish(r: u32, m: u32, j: u32, sum: vec4f) {
  if (m >= M) { return; }
  for (var n = j * 4u; n < min(N, j * 4u + 4u); n++) {
    var out = sum[n % 4u];
    if (BIAS) { out += v[r * V_SIZE + K * N + n]; }
    if (RELU) { out = relu(out); }
    z[(r * M + m) * N + n] = out;
  }
}
