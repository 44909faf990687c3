// value = mask ∘ value, in place: what sparse feedback leaves of a learned tensor.
const COUNT: u32 = 1024u;

@group(0) @binding(0) var<storage, read_write> value: array<f32>; // [R][COUNT]
@group(0) @binding(1) var<storage, read> mask: array<u32>; // [R][⌈COUNT / 32⌉] bits

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let words = (COUNT + 31u) / 32u;
  for (var word = id.x; word < words; word += groups.x * 64u) {
    let bits = mask[id.z * words + word];
    // Dense feedback is not even looked at.
    if (bits == ~0u) { continue; }
    for (var i = word * 32u; i < min(word * 32u + 32u, COUNT); i++) {
      if (((bits >> (i % 32u)) & 1u) == 0u) { value[id.z * COUNT + i] = 0.0; }
    }
  }
}
