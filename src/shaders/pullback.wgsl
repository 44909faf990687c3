// dx = e Vᵀ (times ReLU' of the layer below) (added to what is there): the way back through a weight-like V, and the
// path R Bᵀ. Any shape; pullback4.wgsl has the fast ones. Goes behind quads.wgsl, split.wgsl or tiles.wgsl.
const M: u32 = 64u; // examples
const N: u32 = 512u; // channels in: the rows of v
const K: u32 = 512u; // channels of the error: the columns of v
const V_SIZE: u32 = 262656u; // numbers of one replica of v
const MASK: bool = true; // multiply by 1[x > 0]
const ADD: bool = false; // add to dx

@group(0) @binding(0) var<storage, read_write> dx: array<f32>; // [R][M][N]
@group(0) @binding(1) var<storage, read> e: array<f32>; // [R][M][K]
@group(0) @binding(2) var<storage, read> v: array<f32>; // [R][N (+1)][K]
@group(0) @binding(3) var<storage, read> x: array<f32>; // [R][M][N], what the layer below put out

fn depth(r: u32) -> u32 { return K; }

fn left(r: u32, i: u32, k: u32) -> mat4x4f {
  let m = i * 4u;
  return mat4x4f(errors(r, m, k), errors(r, m + 1u, k), errors(r, m + 2u, k), errors(r, m + 3u, k));
}

fn errors(r: u32, m: u32, k: u32) -> vec4f {
  let at = (r * M + m) * K + k * 4u;
  return select(vec4f(), vec4f(e[at], e[at + 1u], e[at + 2u], e[at + 3u]), k * 4u + vec4u(0u, 1u, 2u, 3u) < vec4u(K));
}

fn right(r: u32, k: u32, j: u32) -> mat4x4f {
  let n = j * 4u;
  return transpose(mat4x4f(weights(r, n, k), weights(r, n + 1u, k), weights(r, n + 2u, k), weights(r, n + 3u, k)));
}

fn weights(r: u32, n: u32, k: u32) -> vec4f {
  let at = r * V_SIZE + n * K + k * 4u;
  return select(vec4f(), vec4f(v[at], v[at + 1u], v[at + 2u], v[at + 3u]), k * 4u + vec4u(0u, 1u, 2u, 3u) < vec4u(K));
}

fn finish(r: u32, m: u32, j: u32, sum: vec4f) {
  if (m >= M) { return; }
  for (var n = j * 4u; n < min(N, j * 4u + 4u); n++) {
    let at = (r * M + m) * N + n;
    var d = sum[n % 4u];
    if (MASK) { d = select(0.0, d, x[at] > 0.0); }
    if (ADD) { d += dx[at]; }
    dx[at] = d;
  }
}
