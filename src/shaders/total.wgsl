// The pieces of a sum, added up in their order.
const COUNT: u32 = 32u; // numbers of a piece
const PIECES: u32 = 128u;

@group(0) @binding(0) var<storage, read_write> sum: array<f32>; // [R][COUNT]
@group(0) @binding(1) var<storage, read> partial: array<f32>; // [R][PIECES][COUNT]

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  for (var i = id.x; i < COUNT; i += groups.x * 64u) {
    var value = 0.0;
    for (var piece = 0u; piece < PIECES; piece++) { value += partial[(id.z * PIECES + piece) * COUNT + i]; }
    sum[id.z * COUNT + i] = value;
  }
}
