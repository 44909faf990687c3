// angle.wgsl where all sizes are multiples of four, which are loaded together.
const COUNT: u32 = 1024u; // numbers to compare, from the first on
const U_SIZE: u32 = 1024u; // numbers of one replica of u
const V_SIZE: u32 = 1024u; // and of v

@group(0) @binding(0) var<storage, read_write> partial: array<vec2f>; // [R][64]: sum of (û - v̂)², sum of (û + v̂)²
@group(0) @binding(1) var<storage, read> norms: array<vec2f>; // [R][64], what norms.wgsl made
@group(0) @binding(2) var<storage, read> u: array<vec4f>; // [R][U_SIZE / 4]
@group(0) @binding(3) var<storage, read> v: array<vec4f>; // [R][V_SIZE / 4]

@compute @workgroup_size(THREADS)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) thread: u32) {
  let by = scales(group.z, thread);
  var sum = vec2f();
  for (var i = group.x * THREADS + thread; i < COUNT / 4u; i += THREADS * 64u) {
    let a = u[group.z * (U_SIZE / 4u) + i] * by.x;
    let b = v[group.z * (V_SIZE / 4u) + i] * by.y;
    sum += vec2f(dot(a - b, a - b), dot(a + b, a + b));
  }
  leave(group, thread, sum);
}
