// value = mask ∘ sign(w) ∘ magnitude: sign-concordant feedback. sign(0) = 0.
const COUNT: u32 = 1024u; // numbers of value; the weight may have a bias row behind them
const W_SIZE: u32 = 1024u; // numbers of one replica of the weight
const MAGNITUDE: f32 = 1.0; // the one magnitude, unless
const DRAWN: bool = false; // they are |magnitude[i]|

@group(0) @binding(0) var<storage, read_write> value: array<f32>; // [R][COUNT]
@group(0) @binding(1) var<storage, read> weight: array<f32>; // [R][W_SIZE]
@group(0) @binding(2) var<storage, read> magnitude: array<f32>; // [R][COUNT]
@group(0) @binding(3) var<storage, read> mask: array<u32>; // [R][⌈COUNT / 32⌉] bits

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  for (var i = id.x; i < COUNT; i += groups.x * 64u) {
    let word = mask[id.z * ((COUNT + 31u) / 32u) + i / 32u];
    let kept = f32((word >> (i % 32u)) & 1u);
    let size = select(MAGNITUDE, abs(magnitude[id.z * COUNT + i]), DRAWN);
    value[id.z * COUNT + i] = kept * sign(weight[id.z * W_SIZE + i]) * size;
  }
}
