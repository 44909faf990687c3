// The squared difference and sum of two tensors scaled to norm 1: from them the angle comes as 2 atan2(|û - v̂|, |û + v̂|),
// exact where an arc cosine in float32 is not (algorithms.md section 7). Needs partials.wgsl and scales.wgsl in front.
const COUNT: u32 = 1024u; // numbers to compare, from the first on
const U_SIZE: u32 = 1024u; // numbers of one replica of u
const V_SIZE: u32 = 1024u; // and of v

@group(0) @binding(0) var<storage, read_write> partial: array<vec2f>; // [R][64]: sum of (û - v̂)², sum of (û + v̂)²
@group(0) @binding(1) var<storage, read> norms: array<vec2f>; // [R][64], what norms.wgsl made
@group(0) @binding(2) var<storage, read> u: array<f32>; // [R][U_SIZE]
@group(0) @binding(3) var<storage, read> v: array<f32>; // [R][V_SIZE]

@compute @workgroup_size(THREADS)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) thread: u32) {
  let by = scales(group.z, thread);
  var sum = vec2f();
  for (var i = group.x * THREADS + thread; i < COUNT; i += THREADS * 64u) {
    let a = u[group.z * U_SIZE + i] * by.x;
    let b = v[group.z * V_SIZE + i] * by.y;
    sum += vec2f((a - b) * (a - b), (a + b) * (a + b));
  }
  leave(group, thread, sum);
}
