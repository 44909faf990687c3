// norms.wgsl where all sizes are multiples of four, which are loaded together.
const COUNT: u32 = 1024u; // numbers to compare, from the first on
const U_SIZE: u32 = 1024u; // numbers of one replica of u
const V_SIZE: u32 = 1024u; // and of v

@group(0) @binding(0) var<storage, read_write> partial: array<vec2f>; // [R][64]: sum of u², sum of v²
@group(0) @binding(1) var<storage, read> u: array<vec4f>; // [R][U_SIZE / 4]
@group(0) @binding(2) var<storage, read> v: array<vec4f>; // [R][V_SIZE / 4]

@compute @workgroup_size(THREADS)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) thread: u32) {
  var sum = vec2f();
  for (var i = group.x * THREADS + thread; i < COUNT / 4u; i += THREADS * 64u) {
    let a = u[group.z * (U_SIZE / 4u) + i];
    let b = v[group.z * (V_SIZE / 4u) + i];
    sum += vec2f(dot(a, a), dot(b, b));
  }
  leave(group, thread, sum);
}
