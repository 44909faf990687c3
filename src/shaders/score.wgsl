// Softmax cross-entropy of a batch: its loss, how many are right, and dL/dz. One workgroup a replica, so that the sums
// have one fixed order. It ends a forward pass, and so it also moves the clock on.
const M: u32 = 64u; // examples
const N: u32 = 10u; // classes
const SLOTS: u32 = 1024u; // steps that the history holds
const COUNT: u32 = 4294967295u; // examples there are: those of the last batch beyond it do not count

@group(0) @binding(0) var<storage, read_write> dz: array<f32>; // [R][M][N]
@group(0) @binding(1) var<storage, read_write> history: array<f32>; // [R][SLOTS][2]: sum of losses, number right
@group(0) @binding(2) var<storage, read_write> clock: array<u32>; // [R]
@group(0) @binding(3) var<storage, read> z: array<f32>; // [R][M][N]
@group(0) @binding(4) var<storage, read> labels: array<u32>; // [R][M]

const THREADS: u32 = 64u;
var<workgroup> losses: array<f32, THREADS>;
var<workgroup> rights: array<f32, THREADS>;

@compute @workgroup_size(THREADS)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) thread: u32) {
  let r = group.z;
  let step = clock[r];
  var loss = 0.0;
  var right = 0.0;
  for (var m = thread; m < M; m += THREADS) {
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
    if (step * M + m < COUNT) {
      loss += log(sum) + top - z[row + label];
      right += f32(best == label);
    }
  }
  losses[thread] = loss;
  rights[thread] = right;
  workgroupBarrier();
  if (thread > 0u) { return; }
  for (var t = 1u; t < THREADS; t++) {
    loss += losses[t];
    right += rights[t];
  }
  let slot = (r * SLOTS + step % SLOTS) * 2u;
  history[slot] = loss;
  history[slot + 1u] = right;
  clock[r] = step + 1u;
}
