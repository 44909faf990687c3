// value = DEVIATION · N(0, 1) from the stream, another draw at every step (Box-Muller on pairs of words). Needs
// philox.wgsl in front.
// THREADS and GROUPS come from kernels/strided.ts.
const COUNT: u32 = 1024u;
const DEVIATION: f32 = 1.0;
const STREAM: u32 = 0u;

@group(0) @binding(0) var<storage, read_write> value: array<f32>; // [R][COUNT]
@group(0) @binding(1) var<storage, read> seed: array<u32>; // [R]
@group(0) @binding(2) var<storage, read> clock: array<u32>; // [R]

fn pair(a: u32, b: u32) -> vec2f {
  // A logarithm may miss by 2⁻²¹, and come out positive next to 1.
  let radius = DEVIATION * sqrt(max(0.0, -2.0 * log(1.0 - unit(a))));
  // WGSL promises sine and cosine between -π and π only: half a turn back, and half a turn on by the sign.
  let angle = 6.283185307179586 * unit(b) - 3.141592653589793;
  return -radius * vec2f(cos(angle), sin(angle));
}

@compute @workgroup_size(THREADS)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) thread: u32) {
  for (var block = group.x * THREADS + thread; block * 4u < COUNT; block += GROUPS * THREADS) {
    let words = philox(vec4u(block, clock[group.z], 0u, 0u), vec2u(seed[group.z], STREAM));
    let numbers = vec4f(pair(words.x, words.y), pair(words.z, words.w));
    for (var lane = 0u; lane < min(4u, COUNT - block * 4u); lane++) {
      value[group.z * COUNT + block * 4u + lane] = numbers[lane];
    }
  }
}
