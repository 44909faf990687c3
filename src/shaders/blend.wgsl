// value = KEEP value + GAIN estimate / taps: a running average of a correlation. Each tap of a window is divided by how
// many output positions it is seen from.
// THREADS and GROUPS come from kernels/strided.ts.
const COUNT: u32 = 1024u;
const TAP_SIZE: u32 = 1024u; // numbers of one tap: channels in times channels out
const KEEP: f32 = 0.99;
const GAIN: f32 = 0.01;

@group(0) @binding(0) var<storage, read_write> value: array<f32>; // [R][COUNT]
@group(0) @binding(1) var<storage, read> estimate: array<f32>; // [R][COUNT]
@group(0) @binding(2) var<storage, read> taps: array<f32>; // [COUNT / TAP_SIZE]

@compute @workgroup_size(THREADS)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) thread: u32) {
  for (var i = group.x * THREADS + thread; i < COUNT; i += GROUPS * THREADS) {
    let at = group.z * COUNT + i;
    value[at] = KEEP * value[at] + GAIN * estimate[at] / taps[i / TAP_SIZE];
  }
}
