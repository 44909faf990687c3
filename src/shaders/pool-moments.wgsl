// Mean and variance of each channel from those of the pieces (Chan, Golub & LeVeque 1979): batch norm's statistics,
// second part.
const M: u32 = 4096u; // rows: examples and positions
const N: u32 = 16u; // channels
const PIECES: u32 = 128u;

@group(0) @binding(0) var<storage, read_write> statistics: array<f32>; // [R][2][N]
@group(0) @binding(1) var<storage, read> partial: array<f32>; // [R][PIECES][2][N]

const ROWS: u32 = (M + PIECES - 1u) / PIECES;

fn rows(piece: u32) -> f32 { return f32(min(ROWS, M - min(piece * ROWS, M))); }

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  for (var n = id.x; n < N; n += groups.x * 64u) {
    let first = id.z * PIECES * 2u * N + n;
    var mean = 0.0;
    for (var piece = 0u; piece < PIECES; piece++) { mean += rows(piece) * partial[first + piece * 2u * N]; }
    mean /= f32(M);
    var squares = 0.0;
    for (var piece = 0u; piece < PIECES; piece++) {
      let d = partial[first + piece * 2u * N] - mean;
      squares += partial[first + (piece * 2u + 1u) * N] + rows(piece) * d * d;
    }
    statistics[id.z * 2u * N + n] = mean;
    statistics[(id.z * 2u + 1u) * N + n] = squares / f32(M);
  }
}
