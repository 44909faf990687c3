// Every connection is one of three kinds, drawn once: of the path (a product of two synapses), fixed, or copied. The
// shares are nested like masks. Needs philox.wgsl in front.
// THREADS and GROUPS come from kernels/strided.ts.
const COUNT: u32 = 1024u;
const PATH_SHARE: f32 = 0.69;
const FIXED_SHARE: f32 = 0.2; // the rest is copied
const EXPLICIT: bool = false; // only what is a synapse of its own: connections of the path count as 0
const STREAM: u32 = 9u;

@group(0) @binding(0) var<storage, read_write> value: array<f32>; // [R][COUNT]
@group(0) @binding(1) var<storage, read> path: array<f32>; // [R][COUNT]
@group(0) @binding(2) var<storage, read> frozen: array<f32>; // [R][COUNT]
@group(0) @binding(3) var<storage, read> copied: array<f32>; // [R][COUNT]
@group(0) @binding(4) var<storage, read> seed: array<u32>; // [R]

@compute @workgroup_size(THREADS)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) thread: u32) {
  for (var block = group.x * THREADS + thread; block * 4u < COUNT; block += GROUPS * THREADS) {
    let words = philox(vec4u(block, 0u, 0u, 0u), vec2u(seed[group.z], STREAM));
    for (var lane = 0u; lane < min(4u, COUNT - block * 4u); lane++) {
      let at = group.z * COUNT + block * 4u + lane;
      let u = unit(words[lane]);
      var mixed = copied[at];
      if (u < PATH_SHARE) {
        mixed = select(path[at], 0.0, EXPLICIT);
      } else if (u < PATH_SHARE + FIXED_SHARE) {
        mixed = frozen[at];
      }
      value[at] = mixed;
    }
  }
}
