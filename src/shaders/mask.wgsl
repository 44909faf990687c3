// Bit i of the mask is u_i < density, u_i fixed: masks of one seed are nested. Needs philox.wgsl in front.
const COUNT: u32 = 1024u; // connections
const STREAM: u32 = 0u;

@group(0) @binding(0) var<storage, read_write> mask: array<u32>; // [R][⌈COUNT / 32⌉]
@group(0) @binding(1) var<storage, read> seed: array<u32>; // [R]
@group(0) @binding(2) var<storage, read> rates: array<f32>; // [R][4]: rate, momentum, decay, density

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let words = (COUNT + 31u) / 32u;
  let density = rates[id.z * 4u + 3u];
  for (var word = id.x; word < words; word += groups.x * 64u) {
    // Of dense feedback there is nothing to draw.
    var bits = select(0u, ~0u, density >= 1.0);
    for (var block = 0u; block < 8u && density < 1.0; block++) {
      let drawn = philox(vec4u(word * 8u + block, 0u, 0u, 0u), vec2u(seed[id.z], STREAM));
      for (var lane = 0u; lane < 4u; lane++) {
        bits |= u32(unit(drawn[lane]) < density) << (block * 4u + lane);
      }
    }
    mask[id.z * words + word] = bits;
  }
}
