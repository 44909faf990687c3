// One step of SGD with momentum and decay; the gradient comes in pieces, which are added up in their order.
const COUNT: u32 = 2320u; // numbers of v
const PIECES: u32 = 64u;
const MASKED: bool = false; // numbers of v whose mask bit is 0 stay 0

@group(0) @binding(0) var<storage, read_write> v: array<f32>; // [R][COUNT]
@group(0) @binding(1) var<storage, read_write> velocity: array<f32>; // [R][COUNT]
@group(0) @binding(2) var<storage, read> partial: array<f32>; // [R][PIECES][COUNT]
@group(0) @binding(3) var<storage, read> rates: array<f32>; // [R][4]: rate, momentum, decay, density
@group(0) @binding(4) var<storage, read> mask: array<u32>; // [R][⌈COUNT / 32⌉] bits

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let rate = rates[id.z * 4u];
  let momentum = rates[id.z * 4u + 1u];
  let decay = rates[id.z * 4u + 2u];
  for (var i = id.x; i < COUNT; i += groups.x * 64u) {
    var gradient = 0.0;
    for (var piece = 0u; piece < PIECES; piece++) { gradient += partial[(id.z * PIECES + piece) * COUNT + i]; }
    let at = id.z * COUNT + i;
    let u = momentum * velocity[at] + gradient + decay * v[at];
    velocity[at] = u;
    var next = v[at] - rate * u;
    if (MASKED) {
      let word = mask[id.z * ((COUNT + 31u) / 32u) + i / 32u];
      next = select(0.0, next, ((word >> (i % 32u)) & 1u) == 1u);
    }
    v[at] = next;
  }
}
