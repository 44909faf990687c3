// One step of SGD with momentum and decay; the gradient comes in pieces, which are added up in their order.
// Goes before masked.wgsl or unmasked.wgsl.
const COUNT: u32 = 2320u; // numbers of v
const PIECES: u32 = 64u;
const MASKED: bool = false; // numbers of v whose mask bit is 0 stay as they are, which is 0

@group(0) @binding(0) var<storage, read_write> v: array<f32>; // [R][COUNT]
@group(0) @binding(1) var<storage, read_write> velocity: array<f32>; // [R][COUNT]
@group(0) @binding(2) var<storage, read> partial: array<f32>; // [R][PIECES][COUNT]
@group(0) @binding(3) var<uniform> rates: array<vec4f>; // [R]: rate, momentum, decay, density

const LENGTH = COUNT;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let rate = rates[id.z];
  for (var i = id.x; i < COUNT; i += groups.x * 64u) {
    var gradient = 0.0;
    for (var piece = 0u; piece < PIECES; piece++) { gradient += partial[(id.z * PIECES + piece) * COUNT + i]; }
    let at = id.z * COUNT + i;
    var u = rate.y * velocity[at] + gradient + rate.z * v[at];
    if (MASKED) { u = cut(id.z, i, u); }
    velocity[at] = u;
    v[at] -= rate.x * u;
  }
}
