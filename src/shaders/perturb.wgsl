// z = z + noise, then ReLU: noise on a pre-activation.
const COUNT: u32 = 1024u;

@group(0) @binding(0) var<storage, read_write> z: array<f32>; // [R][COUNT]
@group(0) @binding(1) var<storage, read> noise: array<f32>; // [R][COUNT]

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  for (var i = id.x; i < COUNT; i += groups.x * 64u) {
    let at = id.z * COUNT + i;
    let sum = z[at] + noise[at];
    z[at] = select(sum, 0.0, sum < 0.0);
  }
}
