// The error through batch norm, exactly: mean and variance of the batch move with every input (times ReLU') (added to what
// is there).
const M: u32 = 4096u; // rows: examples and positions
const N: u32 = 16u; // channels
const MASK: bool = false; // multiply by 1[x > 0]
const ADD: bool = false; // add to dx

@group(0) @binding(0) var<storage, read_write> dx: array<f32>; // [R][M][N]
@group(0) @binding(1) var<storage, read> e: array<f32>; // [R][M][N]
@group(0) @binding(2) var<storage, read> x: array<f32>; // [R][M][N]
@group(0) @binding(3) var<storage, read> statistics: array<f32>; // [R][2][N]: mean, variance
@group(0) @binding(4) var<storage, read> v: array<f32>; // [R][2][N]: scale, shift
@group(0) @binding(5) var<storage, read> sums: array<f32>; // [R][2][N]: Σ e x̂, Σ e

const STEP: u32 = (M + 15u) / 16u;

// A thread has one channel and 16 rows.
@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  for (var at = id.x; at < N * STEP; at += groups.x * 64u) {
    let n = at % N;
    let first = id.z * 2u * N + n; // of the two rows of a channel's pair
    let second = first + N;
    let mean = statistics[first];
    let scale = inverseSqrt(statistics[second] + 1e-5);
    let factor = v[first] * scale;
    let along = sums[first] * scale / f32(M);
    let level = sums[second] / f32(M);
    for (var m = at / N; m < M; m += STEP) {
      let i = (id.z * M + m) * N + n;
      var error = factor * (e[i] - level - (x[i] - mean) * along);
      if (MASK) { error = select(0.0, error, x[i] > 0.0); }
      if (ADD) { error += dx[i]; }
      dx[i] = error;
    }
  }
}
