// The gradients of batch norm's scale and shift, Σ e x̂ and Σ e, over a piece of the rows.
const M: u32 = 4096u; // rows: examples and positions
const N: u32 = 16u; // channels
const PIECES: u32 = 128u;

@group(0) @binding(0) var<storage, read_write> partial: array<f32>; // [R][PIECES][2][N]
@group(0) @binding(1) var<storage, read> e: array<f32>; // [R][M][N]
@group(0) @binding(2) var<storage, read> x: array<f32>; // [R][M][N]
@group(0) @binding(3) var<storage, read> statistics: array<f32>; // [R][2][N]: mean, variance

const ROWS: u32 = (M + PIECES - 1u) / PIECES;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  for (var part = id.x; part < N * PIECES; part += groups.x * 64u) {
    let n = part % N;
    let piece = part / N;
    let mean = statistics[id.z * 2u * N + n];
    let scale = inverseSqrt(statistics[(id.z * 2u + 1u) * N + n] + 1e-5);
    let behind = (id.z * M + min((piece + 1u) * ROWS, M)) * N + n;
    var scaled = 0.0;
    var sum = 0.0;
    for (var i = (id.z * M + piece * ROWS) * N + n; i < behind; i += N) {
      scaled += e[i] * (x[i] - mean);
      sum += e[i];
    }
    let at = (id.z * PIECES + piece) * 2u * N + n;
    partial[at] = scaled * scale;
    partial[at + N] = sum;
  }
}
