// Mean and sum of squared deviations of each channel over a piece of the rows: batch norm's statistics, first part. A
// thread reads its piece twice, because a sum of squares less a square of sums loses what float32 has.
const M: u32 = 4096u; // rows: examples and positions
const N: u32 = 16u; // channels
const PIECES: u32 = 128u;

@group(0) @binding(0) var<storage, read_write> partial: array<f32>; // [R][PIECES][2][N]
@group(0) @binding(1) var<storage, read> x: array<f32>; // [R][M][N]

const ROWS: u32 = (M + PIECES - 1u) / PIECES;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  for (var part = id.x; part < N * PIECES; part += groups.x * 64u) {
    let n = part % N;
    let piece = part / N;
    let start = min(piece * ROWS, M);
    let end = min(start + ROWS, M);
    let first = (id.z * M + start) * N + n;
    let behind = (id.z * M + end) * N + n;
    var sum = 0.0;
    for (var i = first; i < behind; i += N) { sum += x[i]; }
    let mean = sum / f32(max(end - start, 1u));
    var squares = 0.0;
    for (var i = first; i < behind; i += N) { let d = x[i] - mean; squares += d * d; }
    let at = (id.z * PIECES + piece) * 2u * N + n;
    partial[at] = mean;
    partial[at + N] = squares;
  }
}
