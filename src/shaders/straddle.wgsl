// The difference and the sum of two tensors scaled to norm 1. Needs scales.wgsl in front.
const COUNT: u32 = 1024u; // numbers of each

@group(0) @binding(0) var<storage, read_write> difference: array<f32>; // [R][COUNT]
@group(0) @binding(1) var<storage, read_write> sum: array<f32>; // [R][COUNT]
@group(0) @binding(2) var<storage, read> norms: array<vec2f>; // [R][64]: the squared norms of a and b in parts
@group(0) @binding(3) var<storage, read> a: array<f32>; // [R][COUNT]
@group(0) @binding(4) var<storage, read> b: array<f32>; // [R][COUNT]

const THREADS: u32 = 64u;

@compute @workgroup_size(THREADS)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) thread: u32) {
  let by = scales(group.z, thread);
  for (var i = group.x * THREADS + thread; i < COUNT; i += THREADS * 64u) {
    let at = group.z * COUNT + i;
    let x = a[at] * by.x;
    let y = b[at] * by.y;
    difference[at] = x - y;
    sum[at] = x + y;
  }
}
