// value = a + GAIN b.
const COUNT: u32 = 1024u;
const GAIN: f32 = 1.0;

@group(0) @binding(0) var<storage, read_write> value: array<f32>; // [R][COUNT]
@group(0) @binding(1) var<storage, read> a: array<f32>; // [R][COUNT]
@group(0) @binding(2) var<storage, read> b: array<f32>; // [R][COUNT]

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  for (var i = id.x; i < COUNT; i += groups.x * 64u) {
    let at = id.z * COUNT + i;
    value[at] = a[at] + GAIN * b[at];
  }
}
