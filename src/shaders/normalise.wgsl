// y = scale x̂ + shift (then ReLU), x̂ being x less its mean over its deviation: batch norm, with the statistics of the
// batch in training and the running ones in a test.
const M: u32 = 4096u; // rows: examples and positions
const N: u32 = 16u; // channels
const RELU: bool = true;

@group(0) @binding(0) var<storage, read_write> y: array<f32>; // [R][M][N]
@group(0) @binding(1) var<storage, read> x: array<f32>; // [R][M][N]
@group(0) @binding(2) var<storage, read> statistics: array<f32>; // [R][2][N]: mean, variance
@group(0) @binding(3) var<storage, read> v: array<f32>; // [R][2][N]: scale, shift

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  for (var i = id.x; i < M * N; i += groups.x * 64u) {
    let mean = id.z * 2u * N + i % N;
    let hat = (x[id.z * M * N + i] - statistics[mean]) * inverseSqrt(statistics[mean + N] + 1e-5);
    let value = v[mean] * hat + v[mean + N];
    // Written so that a NaN passes.
    y[id.z * M * N + i] = select(value, 0.0, RELU && value < 0.0);
  }
}
