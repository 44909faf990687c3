// z = x V (+ bias) (then ReLU): the forward application of a weight, and the 1×1 projection of an error.
// A thread makes an 8×4 tile in registers, four steps of k at a time; loads are clamped to the matrix, stores guarded.
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

@compute @workgroup_size(16, 4)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let n = id.x * 4u;
  let m = id.y * 8u;
  if (n >= N || m >= M) { return; }
  let xr = id.z * X_SIZE;
  let vr = id.z * V_SIZE;
  let a0 = xr + m * K;
  let a1 = xr + min(m + 1u, M - 1u) * K;
  let a2 = xr + min(m + 2u, M - 1u) * K;
  let a3 = xr + min(m + 3u, M - 1u) * K;
  let a4 = xr + min(m + 4u, M - 1u) * K;
  let a5 = xr + min(m + 5u, M - 1u) * K;
  let a6 = xr + min(m + 6u, M - 1u) * K;
  let a7 = xr + min(m + 7u, M - 1u) * K;
  let b = vr + min(vec4u(n, n + 1u, n + 2u, n + 3u), vec4u(N - 1u));

  var s0 = vec4f();
  if (BIAS) { let c = b + K * N; s0 = vec4f(v[c.x], v[c.y], v[c.z], v[c.w]); }
  var s1 = s0; var s2 = s0; var s3 = s0; var s4 = s0; var s5 = s0; var s6 = s0; var s7 = s0;

  let whole = K & ~3u;
  for (var k = 0u; k < whole; k += 4u) {
    let c0 = b + k * N;
    let c1 = c0 + N;
    let c2 = c1 + N;
    let c3 = c2 + N;
    let v0 = vec4f(v[c0.x], v[c0.y], v[c0.z], v[c0.w]);
    let v1 = vec4f(v[c1.x], v[c1.y], v[c1.z], v[c1.w]);
    let v2 = vec4f(v[c2.x], v[c2.y], v[c2.z], v[c2.w]);
    let v3 = vec4f(v[c3.x], v[c3.y], v[c3.z], v[c3.w]);
    s0 += x[a0 + k] * v0 + x[a0 + k + 1u] * v1 + x[a0 + k + 2u] * v2 + x[a0 + k + 3u] * v3;
    s1 += x[a1 + k] * v0 + x[a1 + k + 1u] * v1 + x[a1 + k + 2u] * v2 + x[a1 + k + 3u] * v3;
    s2 += x[a2 + k] * v0 + x[a2 + k + 1u] * v1 + x[a2 + k + 2u] * v2 + x[a2 + k + 3u] * v3;
    s3 += x[a3 + k] * v0 + x[a3 + k + 1u] * v1 + x[a3 + k + 2u] * v2 + x[a3 + k + 3u] * v3;
    s4 += x[a4 + k] * v0 + x[a4 + k + 1u] * v1 + x[a4 + k + 2u] * v2 + x[a4 + k + 3u] * v3;
    s5 += x[a5 + k] * v0 + x[a5 + k + 1u] * v1 + x[a5 + k + 2u] * v2 + x[a5 + k + 3u] * v3;
    s6 += x[a6 + k] * v0 + x[a6 + k + 1u] * v1 + x[a6 + k + 2u] * v2 + x[a6 + k + 3u] * v3;
    s7 += x[a7 + k] * v0 + x[a7 + k + 1u] * v1 + x[a7 + k + 2u] * v2 + x[a7 + k + 3u] * v3;
  }
  for (var k = whole; k < K; k++) {
    let c = b + k * N;
    let w = vec4f(v[c.x], v[c.y], v[c.z], v[c.w]);
    s0 += x[a0 + k] * w; s1 += x[a1 + k] * w; s2 += x[a2 + k] * w; s3 += x[a3 + k] * w;
    s4 += x[a4 + k] * w; s5 += x[a5 + k] * w; s6 += x[a6 + k] * w; s7 += x[a7 + k] * w;
  }

  store(id.z, m, n, s0); store(id.z, m + 1u, n, s1); store(id.z, m + 2u, n, s2); store(id.z, m + 3u, n, s3);
  store(id.z, m + 4u, n, s4); store(id.z, m + 5u, n, s5); store(id.z, m + 6u, n, s6); store(id.z, m + 7u, n, s7);
}

fn store(r: u32, m: u32, n: u32, sum: vec4f) {
  if (m >= M) { return; }
  for (var j = 0u; j < min(4u, N - n); j++) {
    // Written so that a NaN passes: max(NaN, 0) is 0, and a diverged network would look healthy.
    z[(r * M + m) * N + n + j] = select(sum[j], 0.0, RELU && sum[j] < 0.0);
  }
}
