// y = scale x̂ + shift (then ReLU), x̂ being x less its mean over its deviation: batch norm, with the statistics of the
// batch in training and the running ones in a test. Needs relu.wgsl in front.
const M: u32 = 4096u; // rows: examples and positions
const N: u32 = 16u; // channels
const RELU: bool = true;

@group(0) @binding(0) var<storage, read_write> y: array<f32>; // [R][M][N]
@group(0) @binding(1) var<storage, read> x: array<f32>; // [R][M][N]
@group(0) @binding(2) var<storage, read> statistics: array<f32>; // [R][2][N]: mean, variance
@group(0) @binding(3) var<storage, read> v: array<f32>; // [R][2][N]: scale, shift

const STEP: u32 = (M + 15u) / 16u;

// A thread has one channel and 16 rows.
@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  for (var at = id.x; at < N * STEP; at += groups.x * 64u) {
    let n = at % N;
    let mean = statistics[id.z * 2u * N + n];
    let scale = v[id.z * 2u * N + n] * inverseSqrt(statistics[(id.z * 2u + 1u) * N + n] + 1e-5);
    let shift = v[(id.z * 2u + 1u) * N + n];
    for (var m = at / N; m < M; m += STEP) {
      let i = (id.z * M + m) * N + n;
      var value = (x[i] - mean) * scale + shift;
      if (RELU) { value = relu(value); }
      y[i] = value;
    }
  }
}
