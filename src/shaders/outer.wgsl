// dV = xᵀ e, the local, Hebbian product, straight into one step of SGD with momentum and coupled decay (algorithms.md
// section 3): the gradient never touches memory. A thread makes an 8×4 tile in registers; row N of v is the bias, whose
// input is 1.
const M: u32 = 64u; // examples
const N: u32 = 784u; // channels in: rows of v without the bias
const K: u32 = 512u; // channels out: columns of v
const BIAS: bool = true; // v has a row N
const MASKED: bool = false; // numbers of v whose mask bit is 0 stay 0

@group(0) @binding(0) var<storage, read_write> v: array<f32>; // [R][N (+1)][K]
@group(0) @binding(1) var<storage, read_write> velocity: array<f32>; // as v
@group(0) @binding(2) var<storage, read> x: array<f32>; // [R][M][N]
@group(0) @binding(3) var<storage, read> e: array<f32>; // [R][M][K]
@group(0) @binding(4) var<storage, read> rates: array<f32>; // [R][4]: rate, momentum, decay, density
@group(0) @binding(5) var<storage, read> mask: array<u32>; // [R][⌈N K / 32⌉] bits

const TILES: u32 = (N + 7u) / 8u; // tiles of rows; the one behind them is the bias

@compute @workgroup_size(16, 4)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let k = id.x * 4u;
  let n = id.y * 8u;
  if (k >= K || id.y >= TILES + u32(BIAS)) { return; }
  let er = id.z * M * K;
  let b = er + min(vec4u(k, k + 1u, k + 2u, k + 3u), vec4u(K - 1u));
  if (id.y == TILES) {
    var sum = vec4f();
    for (var m = 0u; m < M; m++) { let c = b + m * K; sum += vec4f(e[c.x], e[c.y], e[c.z], e[c.w]); }
    update(id.z, N, k, sum);
    return;
  }

  let xr = id.z * M * N;
  let a = xr + min(vec4u(n, n + 1u, n + 2u, n + 3u), vec4u(N - 1u));
  let h = xr + min(vec4u(n + 4u, n + 5u, n + 6u, n + 7u), vec4u(N - 1u));
  var s0 = vec4f(); var s1 = s0; var s2 = s0; var s3 = s0; var s4 = s0; var s5 = s0; var s6 = s0; var s7 = s0;
  let whole = M & ~1u;
  for (var m = 0u; m < whole; m += 2u) {
    let p = b + m * K;
    let q = p + K;
    let e0 = vec4f(e[p.x], e[p.y], e[p.z], e[p.w]);
    let e1 = vec4f(e[q.x], e[q.y], e[q.z], e[q.w]);
    let i = a + m * N;
    let j = h + m * N;
    s0 += x[i.x] * e0 + x[i.x + N] * e1;
    s1 += x[i.y] * e0 + x[i.y + N] * e1;
    s2 += x[i.z] * e0 + x[i.z + N] * e1;
    s3 += x[i.w] * e0 + x[i.w + N] * e1;
    s4 += x[j.x] * e0 + x[j.x + N] * e1;
    s5 += x[j.y] * e0 + x[j.y + N] * e1;
    s6 += x[j.z] * e0 + x[j.z + N] * e1;
    s7 += x[j.w] * e0 + x[j.w + N] * e1;
  }
  for (var m = whole; m < M; m++) {
    let p = b + m * K;
    let w = vec4f(e[p.x], e[p.y], e[p.z], e[p.w]);
    let i = a + m * N;
    let j = h + m * N;
    s0 += x[i.x] * w; s1 += x[i.y] * w; s2 += x[i.z] * w; s3 += x[i.w] * w;
    s4 += x[j.x] * w; s5 += x[j.y] * w; s6 += x[j.z] * w; s7 += x[j.w] * w;
  }

  update(id.z, n, k, s0);
  if (n + 1u < N) { update(id.z, n + 1u, k, s1); }
  if (n + 2u < N) { update(id.z, n + 2u, k, s2); }
  if (n + 3u < N) { update(id.z, n + 3u, k, s3); }
  if (n + 4u < N) { update(id.z, n + 4u, k, s4); }
  if (n + 5u < N) { update(id.z, n + 5u, k, s5); }
  if (n + 6u < N) { update(id.z, n + 6u, k, s6); }
  if (n + 7u < N) { update(id.z, n + 7u, k, s7); }
}

fn update(r: u32, n: u32, k: u32, gradient: vec4f) {
  let rate = rates[r * 4u];
  let momentum = rates[r * 4u + 1u];
  let decay = rates[r * 4u + 2u];
  for (var j = 0u; j < min(4u, K - k); j++) {
    let at = n * K + k + j;
    let i = r * (N + u32(BIAS)) * K + at;
    let u = momentum * velocity[i] + gradient[j] + decay * v[i];
    velocity[i] = u;
    var next = v[i] - rate * u;
    if (MASKED) {
      let word = mask[r * ((N * K + 31u) / 32u) + at / 32u];
      next = select(0.0, next, ((word >> (at % 32u)) & 1u) == 1u);
    }
    v[i] = next;
  }
}
