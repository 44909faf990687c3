// value = mask ∘ sign(w) ∘ magnitude: sign-concordant feedback. sign(0) = 0.
// THREADS and GROUPS come from kernels/strided.ts.
const COUNT: u32 = 1024u; // numbers of value; the weight may have a bias row behind them
const W_SIZE: u32 = 1024u; // numbers of one replica of the weight
const MAGNITUDE: f32 = 1.0; // the one magnitude, unless
const DRAWN: bool = false; // they are |magnitude[i]|

@group(0) @binding(0) var<storage, read_write> value: array<f32>; // [R][COUNT]
@group(0) @binding(1) var<storage, read> weight: array<f32>; // [R][W_SIZE]
@group(0) @binding(2) var<storage, read> magnitude: array<f32>; // [R][COUNT]
@group(0) @binding(3) var<storage, read> mask: array<u32>; // [R][⌈COUNT / 32⌉] bits

@compute @workgroup_size(THREADS)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) thread: u32) {
  for (var i = group.x * THREADS + thread; i < COUNT; i += GROUPS * THREADS) {
    let word = mask[group.z * ((COUNT + 31u) / 32u) + i / 32u];
    let kept = f32((word >> (i % 32u)) & 1u);
    let size = select(MAGNITUDE, abs(magnitude[group.z * COUNT + i]), DRAWN);
    value[group.z * COUNT + i] = kept * sign(weight[group.z * W_SIZE + i]) * size;
  }
}
