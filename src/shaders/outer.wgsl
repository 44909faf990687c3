// dV = xᵀ e, the local, Hebbian product, straight into one step of SGD with momentum and coupled decay (algorithms.md
// section 3): the gradient never touches memory. Row N of v is the bias, whose input is 1. Any shape; outer4.wgsl has
// the fast ones. Goes behind quads.wgsl, split.wgsl or tiles.wgsl, before masked.wgsl or unmasked.wgsl.
const M: u32 = 64u; // examples
const N: u32 = 784u; // channels in: rows of v without the bias
const K: u32 = 512u; // channels out: columns of v
const BIAS: bool = true; // v has a row N
const MASKED: bool = false; // numbers of v whose mask bit is 0 stay as they are, which is 0

@group(0) @binding(0) var<storage, read_write> v: array<f32>; // [R][N (+1)][K]
@group(0) @binding(1) var<storage, read_write> velocity: array<f32>; // as v
@group(0) @binding(2) var<storage, read> x: array<f32>; // [R][M][N]
@group(0) @binding(3) var<storage, read> e: array<f32>; // [R][M][K]
@group(0) @binding(4) var<uniform> rates: array<vec4f>; // [R]: rate, momentum, decay, density

const ROWS = N + u32(BIAS);
const LENGTH = N * K;

fn depth(r: u32) -> u32 { return M; }

fn left(r: u32, i: u32, k: u32) -> mat4x4f {
  let m = k * 4u;
  return transpose(mat4x4f(inputs(r, m, i), inputs(r, m + 1u, i), inputs(r, m + 2u, i), inputs(r, m + 3u, i)));
}

fn inputs(r: u32, m: u32, i: u32) -> vec4f {
  let n = i * 4u + vec4u(0u, 1u, 2u, 3u);
  let at = (r * M + m) * N + i * 4u;
  let row = select(vec4f(x[at], x[at + 1u], x[at + 2u], x[at + 3u]), vec4f(1.0), n >= vec4u(N));
  return select(vec4f(), row, vec4<bool>(m < M));
}

fn right(r: u32, k: u32, j: u32) -> mat4x4f {
  let m = k * 4u;
  return mat4x4f(errors(r, m, j), errors(r, m + 1u, j), errors(r, m + 2u, j), errors(r, m + 3u, j));
}

fn errors(r: u32, m: u32, j: u32) -> vec4f {
  let at = (r * M + m) * K + j * 4u;
  return select(vec4f(), vec4f(e[at], e[at + 1u], e[at + 2u], e[at + 3u]), vec4<bool>(m < M));
}

fn finish(r: u32, n: u32, j: u32, gradient: vec4f) {
  if (n >= ROWS) { return; }
  let rate = rates[r];
  for (var k = j * 4u; k < min(K, j * 4u + 4u); k++) {
    let bit = n * K + k;
    let at = r * ROWS * K + bit;
    let old = v[at];
    var u = rate.y * velocity[at] + gradient[k % 4u] + rate.z * old;
    if (MASKED) { u = cut(r, bit, u); }
    velocity[at] = u;
    v[at] = old - rate.x * u;
  }
}
