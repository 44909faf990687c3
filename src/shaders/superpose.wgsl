// value = a + p b + q c, p and q being the replica's.
const COUNT: u32 = 1024u;

@group(0) @binding(0) var<storage, read_write> value: array<f32>; // [R][COUNT]
@group(0) @binding(1) var<storage, read> factors: array<vec2f>; // [R]: p, q
@group(0) @binding(2) var<storage, read> a: array<f32>; // [R][COUNT]
@group(0) @binding(3) var<storage, read> b: array<f32>; // [R][COUNT]
@group(0) @binding(4) var<storage, read> c: array<f32>; // [R][COUNT]

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let factor = factors[id.z];
  for (var i = id.x; i < COUNT; i += groups.x * 64u) {
    let at = id.z * COUNT + i;
    value[at] = a[at] + factor.x * b[at] + factor.y * c[at];
  }
}
