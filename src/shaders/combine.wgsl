// value = a + GAIN b.
// THREADS and GROUPS come from kernels/strided.ts.
const COUNT: u32 = 1024u;
const GAIN: f32 = 1.0;

@group(0) @binding(0) var<storage, read_write> value: array<f32>; // [R][COUNT]
@group(0) @binding(1) var<storage, read> a: array<f32>; // [R][COUNT]
@group(0) @binding(2) var<storage, read> b: array<f32>; // [R][COUNT]

@compute @workgroup_size(THREADS)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) thread: u32) {
  for (var i = group.x * THREADS + thread; i < COUNT; i += GROUPS * THREADS) {
    let at = group.z * COUNT + i;
    value[at] = a[at] + GAIN * b[at];
  }
}
