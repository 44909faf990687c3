// z = z + noise, then ReLU: noise on a pre-activation. Needs relu.wgsl in front.
// THREADS and GROUPS come from kernels/strided.ts.
const COUNT: u32 = 1024u;

@group(0) @binding(0) var<storage, read_write> z: array<f32>; // [R][COUNT]
@group(0) @binding(1) var<storage, read> noise: array<f32>; // [R][COUNT]

@compute @workgroup_size(THREADS)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) thread: u32) {
  for (var i = group.x * THREADS + thread; i < COUNT; i += GROUPS * THREADS) {
    let at = group.z * COUNT + i;
    z[at] = relu(z[at] + noise[at]);
  }
}
