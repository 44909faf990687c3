// value = mask ∘ full: what sparse feedback leaves of a fixed tensor; RESCALED divides by √density, so that a sum over
// the survivors keeps its variance.
const COUNT: u32 = 1024u;
const RESCALED: bool = false;

@group(0) @binding(0) var<storage, read_write> value: array<f32>; // [R][COUNT]
@group(0) @binding(1) var<storage, read> full: array<f32>; // [R][COUNT]
@group(0) @binding(2) var<storage, read> mask: array<u32>; // [R][⌈COUNT / 32⌉] bits
@group(0) @binding(3) var<storage, read> rates: array<f32>; // [R][4]: rate, momentum, decay, density

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let scale = select(1.0, inverseSqrt(rates[id.z * 4u + 3u]), RESCALED);
  for (var i = id.x; i < COUNT; i += groups.x * 64u) {
    let word = mask[id.z * ((COUNT + 31u) / 32u) + i / 32u];
    let at = id.z * COUNT + i;
    value[at] = select(0.0, full[at] * scale, ((word >> (i % 32u)) & 1u) == 1u);
  }
}
