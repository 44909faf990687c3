// value = a + p b + q c, p and q being the replica's.
// THREADS and GROUPS come from kernels/strided.ts.
const COUNT: u32 = 1024u;

@group(0) @binding(0) var<storage, read_write> value: array<f32>; // [R][COUNT]
@group(0) @binding(1) var<storage, read> factors: array<vec2f>; // [R]: p, q
@group(0) @binding(2) var<storage, read> a: array<f32>; // [R][COUNT]
@group(0) @binding(3) var<storage, read> b: array<f32>; // [R][COUNT]
@group(0) @binding(4) var<storage, read> c: array<f32>; // [R][COUNT]

@compute @workgroup_size(THREADS)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) thread: u32) {
  let factor = factors[group.z];
  for (var i = group.x * THREADS + thread; i < COUNT; i += GROUPS * THREADS) {
    let at = group.z * COUNT + i;
    value[at] = a[at] + factor.x * b[at] + factor.y * c[at];
  }
}
