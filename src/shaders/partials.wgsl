// Put in front of the shaders that leave `partial`, sums in 64 parts of a fixed order: each workgroup leaves one.
const THREADS: u32 = 64u;
var<workgroup> sums: array<vec2f, THREADS>;

// Adds up what the threads of a workgroup bring.
fn leave(group: vec3u, thread: u32, own: vec2f) {
  sums[thread] = own;
  workgroupBarrier();
  if (thread > 0u) { return; }
  var sum = own;
  for (var t = 1u; t < THREADS; t++) { sum += sums[t]; }
  partial[group.z * 64u + group.x] = sum;
}
