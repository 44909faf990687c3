// The running statistics follow those of the batch, the variance unbiased, as in PyTorch with its default momentum.
const M: u32 = 4096u; // rows: examples and positions
const N: u32 = 16u; // channels

@group(0) @binding(0) var<storage, read_write> running: array<f32>; // [R][2][N]: mean, variance
@group(0) @binding(1) var<storage, read> statistics: array<f32>; // [R][2][N]

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  for (var i = id.x; i < 2u * N; i += groups.x * 64u) {
    let at = id.z * 2u * N + i;
    let unbiased = select(1.0, f32(M) / f32(max(M, 2u) - 1u), i >= N);
    running[at] += 0.1 * (statistics[at] * unbiased - running[at]);
  }
}
