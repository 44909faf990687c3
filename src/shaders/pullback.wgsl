// dx = e Vᵀ (times ReLU' of the layer below) (added to what is there): the way back through a weight-like V, and the
// path R Bᵀ. A thread makes an 8×4 tile in registers, four steps of k at a time.
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

@compute @workgroup_size(16, 4)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let n = id.x * 4u;
  let m = id.y * 8u;
  if (n >= N || m >= M) { return; }
  let er = id.z * M * K;
  let a0 = er + m * K;
  let a1 = er + min(m + 1u, M - 1u) * K;
  let a2 = er + min(m + 2u, M - 1u) * K;
  let a3 = er + min(m + 3u, M - 1u) * K;
  let a4 = er + min(m + 4u, M - 1u) * K;
  let a5 = er + min(m + 5u, M - 1u) * K;
  let a6 = er + min(m + 6u, M - 1u) * K;
  let a7 = er + min(m + 7u, M - 1u) * K;
  let b = id.z * V_SIZE + min(vec4u(n, n + 1u, n + 2u, n + 3u), vec4u(N - 1u)) * K;

  var s0 = vec4f(); var s1 = s0; var s2 = s0; var s3 = s0; var s4 = s0; var s5 = s0; var s6 = s0; var s7 = s0;
  let whole = K & ~3u;
  for (var k = 0u; k < whole; k += 4u) {
    let c = b + k;
    let v0 = vec4f(v[c.x], v[c.y], v[c.z], v[c.w]);
    let v1 = vec4f(v[c.x + 1u], v[c.y + 1u], v[c.z + 1u], v[c.w + 1u]);
    let v2 = vec4f(v[c.x + 2u], v[c.y + 2u], v[c.z + 2u], v[c.w + 2u]);
    let v3 = vec4f(v[c.x + 3u], v[c.y + 3u], v[c.z + 3u], v[c.w + 3u]);
    s0 += e[a0 + k] * v0 + e[a0 + k + 1u] * v1 + e[a0 + k + 2u] * v2 + e[a0 + k + 3u] * v3;
    s1 += e[a1 + k] * v0 + e[a1 + k + 1u] * v1 + e[a1 + k + 2u] * v2 + e[a1 + k + 3u] * v3;
    s2 += e[a2 + k] * v0 + e[a2 + k + 1u] * v1 + e[a2 + k + 2u] * v2 + e[a2 + k + 3u] * v3;
    s3 += e[a3 + k] * v0 + e[a3 + k + 1u] * v1 + e[a3 + k + 2u] * v2 + e[a3 + k + 3u] * v3;
    s4 += e[a4 + k] * v0 + e[a4 + k + 1u] * v1 + e[a4 + k + 2u] * v2 + e[a4 + k + 3u] * v3;
    s5 += e[a5 + k] * v0 + e[a5 + k + 1u] * v1 + e[a5 + k + 2u] * v2 + e[a5 + k + 3u] * v3;
    s6 += e[a6 + k] * v0 + e[a6 + k + 1u] * v1 + e[a6 + k + 2u] * v2 + e[a6 + k + 3u] * v3;
    s7 += e[a7 + k] * v0 + e[a7 + k + 1u] * v1 + e[a7 + k + 2u] * v2 + e[a7 + k + 3u] * v3;
  }
  for (var k = whole; k < K; k++) {
    let c = b + k;
    let w = vec4f(v[c.x], v[c.y], v[c.z], v[c.w]);
    s0 += e[a0 + k] * w; s1 += e[a1 + k] * w; s2 += e[a2 + k] * w; s3 += e[a3 + k] * w;
    s4 += e[a4 + k] * w; s5 += e[a5 + k] * w; s6 += e[a6 + k] * w; s7 += e[a7 + k] * w;
  }

  store(id.z, m, n, s0); store(id.z, m + 1u, n, s1); store(id.z, m + 2u, n, s2); store(id.z, m + 3u, n, s3);
  store(id.z, m + 4u, n, s4); store(id.z, m + 5u, n, s5); store(id.z, m + 6u, n, s6); store(id.z, m + 7u, n, s7);
}

fn store(r: u32, m: u32, n: u32, sum: vec4f) {
  if (m >= M) { return; }
  for (var j = 0u; j < min(4u, N - n); j++) {
    let i = (r * M + m) * N + n + j;
    var d = sum[j];
    if (MASK) { d = select(0.0, d, x[i] > 0.0); }
    if (ADD) { d += dx[i]; }
    dx[i] = d;
  }
}
