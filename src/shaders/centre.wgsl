// Takes the mean over the rows (examples and positions) from every channel, in place.
const M: u32 = 64u; // rows
const N: u32 = 512u; // channels

@group(0) @binding(0) var<storage, read_write> value: array<f32>; // [R][M][N]

const THREADS: u32 = 64u;
var<workgroup> sums: array<f32, THREADS>;

// A workgroup a channel, and as many more as the grid leaves.
@compute @workgroup_size(THREADS)
fn main(
  @builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) thread: u32,
) {
  for (var n = group.x; n < N; n += groups.x) {
    let base = group.z * M * N + n;
    var sum = 0.0;
    for (var m = thread; m < M; m += THREADS) { sum += value[base + m * N]; }
    sums[thread] = sum;
    workgroupBarrier();
    var mean = 0.0;
    for (var t = 0u; t < THREADS; t++) { mean += sums[t]; }
    mean /= f32(M);
    for (var m = thread; m < M; m += THREADS) { value[base + m * N] -= mean; }
    workgroupBarrier();
  }
}
