// value = U(-BOUND, BOUND) from the stream; another draw at every step if STEPPED. Needs philox.wgsl in front.
// THREADS and GROUPS come from kernels/strided.ts.
const COUNT: u32 = 1024u; // numbers to fill, from the first on
const SIZE: u32 = 1024u; // numbers of one replica
const BOUND: f32 = 1.0;
const STREAM: u32 = 0u;
const STEPPED: bool = false;

@group(0) @binding(0) var<storage, read_write> value: array<f32>; // [R][SIZE]
@group(0) @binding(1) var<storage, read> seed: array<u32>; // [R]
@group(0) @binding(2) var<storage, read> clock: array<u32>; // [R]

@compute @workgroup_size(THREADS)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) thread: u32) {
  let step = select(0u, clock[group.z], STEPPED);
  for (var block = group.x * THREADS + thread; block * 4u < COUNT; block += GROUPS * THREADS) {
    let words = philox(vec4u(block, step, 0u, 0u), vec2u(seed[group.z], STREAM));
    for (var lane = 0u; lane < min(4u, COUNT - block * 4u); lane++) {
      value[group.z * SIZE + block * 4u + lane] = BOUND * (2.0 * unit(words[lane]) - 1.0);
    }
  }
}
