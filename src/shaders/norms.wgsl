// The squared norms of two tensors. Needs partials.wgsl in front.
const COUNT: u32 = 1024u; // numbers to compare, from the first on
const U_SIZE: u32 = 1024u; // numbers of one replica of u
const V_SIZE: u32 = 1024u; // and of v

@group(0) @binding(0) var<storage, read_write> partial: array<vec2f>; // [R][64]: sum of u², sum of v²
@group(0) @binding(1) var<storage, read> u: array<f32>; // [R][U_SIZE]
@group(0) @binding(2) var<storage, read> v: array<f32>; // [R][V_SIZE]

@compute @workgroup_size(THREADS)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) thread: u32) {
  var sum = vec2f();
  for (var i = group.x * THREADS + thread; i < COUNT; i += THREADS * 64u) {
    let pair = vec2f(u[group.z * U_SIZE + i], v[group.z * V_SIZE + i]);
    sum += pair * pair;
  }
  leave(group, thread, sum);
}
