// Softmax cross-entropy of a batch, each example by itself: its loss, whether it is right, and dL/dz. A workgroup takes a
// band of examples.
const M: u32 = 64u; // examples
const N: u32 = 10u; // classes
const SLOTS: u32 = 1024u; // steps that the ring holds
const BAND: u32 = 64u; // examples of a band
const THREADS: u32 = 64u;

@group(0) @binding(0) var<storage, read_write> dz: array<f32>; // [R][M][N]
@group(0) @binding(1) var<storage, read_write> ring: array<vec2f>; // [R][SLOTS + M]: behind the ring, loss and right or not
@group(0) @binding(2) var<storage, read> z: array<f32>; // [R][M][N]
@group(0) @binding(3) var<storage, read> labels: array<u32>; // [R][M]

@compute @workgroup_size(THREADS)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) thread: u32) {
  let r = group.z;
  for (var m = group.y * BAND + thread; m < min(M, (group.y + 1u) * BAND); m += THREADS) {
    let row = (r * M + m) * N;
    var best = 0u;
    for (var n = 1u; n < N; n++) { if (z[row + n] > z[row + best]) { best = n; } }
    let top = z[row + best];
    var sum = 0.0;
    for (var n = 0u; n < N; n++) { sum += exp(z[row + n] - top); }
    let label = labels[r * M + m];
    for (var n = 0u; n < N; n++) {
      let p = exp(z[row + n] - top) / sum;
      dz[row + n] = (p - f32(n == label)) / f32(M);
    }
    ring[r * (SLOTS + M) + SLOTS + m] = vec2f(log(sum) + top - z[row + label], f32(best == label));
  }
}
