// One step of SGD with momentum and decay; the gradient comes in pieces, which are added up in their order.
// Goes before masked.wgsl or unmasked.wgsl.
// THREADS and GROUPS come from kernels/strided.ts.
const COUNT: u32 = 2320u; // numbers of v
const PIECES: u32 = 64u;
const MASKED: bool = false; // numbers of v whose mask bit is 0 stay as they are, which is 0

@group(0) @binding(0) var<storage, read_write> v: array<f32>; // [R][COUNT]
@group(0) @binding(1) var<storage, read_write> velocity: array<f32>; // [R][COUNT]
@group(0) @binding(2) var<storage, read> partial: array<f32>; // [R][PIECES][COUNT]
@group(0) @binding(3) var<uniform> rates: array<vec4f>; // [R]: rate, momentum, decay, density

const LENGTH = COUNT;

@compute @workgroup_size(THREADS)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) thread: u32) {
  let rate = rates[group.z];
  for (var i = group.x * THREADS + thread; i < COUNT; i += GROUPS * THREADS) {
    var gradient = 0.0;
    for (var piece = 0u; piece < PIECES; piece++) { gradient += partial[(group.z * PIECES + piece) * COUNT + i]; }
    let at = group.z * COUNT + i;
    var u = rate.y * velocity[at] + gradient + rate.z * v[at];
    if (MASKED) { u = cut(group.z, i, u); }
    velocity[at] = u;
    v[at] -= rate.x * u;
  }
}
