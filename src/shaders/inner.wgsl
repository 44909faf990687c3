// The inner products of one tensor with two others. Needs partials.wgsl in front.
const COUNT: u32 = 1024u; // numbers of each

@group(0) @binding(0) var<storage, read_write> partial: array<vec2f>; // [R][64]: sum of k a, sum of k b
@group(0) @binding(1) var<storage, read> k: array<f32>; // [R][COUNT]
@group(0) @binding(2) var<storage, read> a: array<f32>; // [R][COUNT]
@group(0) @binding(3) var<storage, read> b: array<f32>; // [R][COUNT]

@compute @workgroup_size(THREADS)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) thread: u32) {
  var sum = vec2f();
  for (var i = group.x * THREADS + thread; i < COUNT; i += THREADS * 64u) {
    let at = group.z * COUNT + i;
    sum += k[at] * vec2f(a[at], b[at]);
  }
  leave(group, thread, sum);
}
