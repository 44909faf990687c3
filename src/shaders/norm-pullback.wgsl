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

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  for (var i = id.x; i < M * N; i += groups.x * 64u) {
    let at = id.z * M * N + i;
    let mean = id.z * 2u * N + i % N;
    let scale = inverseSqrt(statistics[mean + N] + 1e-5);
    let hat = (x[at] - statistics[mean]) * scale;
    var error = v[mean] * scale * (e[at] - (sums[mean + N] + hat * sums[mean]) / f32(M));
    if (MASK) { error = select(0.0, error, x[at] > 0.0); }
    if (ADD) { error += dx[at]; }
    dx[at] = error;
  }
}
