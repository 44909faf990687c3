// value = U(-BOUND, BOUND) from the stream; another draw at every step if STEPPED. Needs philox.wgsl in front.
const COUNT: u32 = 1024u; // numbers to fill, from the first on
const SIZE: u32 = 1024u; // numbers of one replica
const BOUND: f32 = 1.0;
const STREAM: u32 = 0u;
const STEPPED: bool = false;

@group(0) @binding(0) var<storage, read_write> value: array<f32>; // [R][SIZE]
@group(0) @binding(1) var<storage, read> seed: array<u32>; // [R]
@group(0) @binding(2) var<storage, read> clock: array<u32>; // [R]

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let step = select(0u, clock[id.z], STEPPED);
  for (var block = id.x; block * 4u < COUNT; block += groups.x * 64u) {
    let words = philox(vec4u(block, step, 0u, 0u), vec2u(seed[id.z], STREAM));
    for (var lane = 0u; lane < min(4u, COUNT - block * 4u); lane++) {
      value[id.z * SIZE + block * 4u + lane] = BOUND * (2.0 * unit(words[lane]) - 1.0);
    }
  }
}
