// value = KEEP value + GAIN estimate / taps: a running average of a correlation. Each tap of a window is divided by how
// many output positions it is seen from.
const COUNT: u32 = 1024u;
const TAP_SIZE: u32 = 1024u; // numbers of one tap: channels in times channels out
const KEEP: f32 = 0.99;
const GAIN: f32 = 0.01;

@group(0) @binding(0) var<storage, read_write> value: array<f32>; // [R][COUNT]
@group(0) @binding(1) var<storage, read> estimate: array<f32>; // [R][COUNT]
@group(0) @binding(2) var<storage, read> taps: array<f32>; // [COUNT / TAP_SIZE]

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  for (var i = id.x; i < COUNT; i += groups.x * 64u) {
    let at = id.z * COUNT + i;
    value[at] = KEEP * value[at] + GAIN * estimate[at] / taps[i / TAP_SIZE];
  }
}
