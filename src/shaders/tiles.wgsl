// The product left · right in 4×4 blocks, for a GPU and a large output: a workgroup makes 16×16 blocks, one a thread, and
// stages four blocks of depth at a time in shared memory. In front of a shader that says left, right, finish and the shape.

// [depth in blocks][row or column of a block][block], so that neighbouring threads read neighbouring banks.
var<workgroup> lefts: array<vec4f, 256>;
var<workgroup> rights: array<vec4f, 256>;

@compute @workgroup_size(256)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) thread: u32) {
  let r = group.z;
  let x = thread % 16u;
  let y = thread / 16u;
  let staged = thread / 16u % 4u * 64u + x;
  var c = mat4x4f();
  for (var k = 0u; k < (DEPTH + 3u) / 4u; k += 4u) {
    if (thread < 64u) {
      let a = left(r, group.y * 16u + x, k + y);
      for (var t = 0u; t < 4u; t++) { lefts[staged + t * 16u] = a[t]; }
    } else if (thread < 128u) {
      let b = right(r, k + y - 4u, group.x * 16u + x);
      for (var t = 0u; t < 4u; t++) { rights[staged + t * 16u] = b[t]; }
    }
    workgroupBarrier();
    for (var d = 0u; d < min(4u, (DEPTH + 3u) / 4u - k); d++) {
      let a = d * 64u + y;
      let b = d * 64u + x;
      c += mat4x4f(rights[b], rights[b + 16u], rights[b + 32u], rights[b + 48u])
        * mat4x4f(lefts[a], lefts[a + 16u], lefts[a + 32u], lefts[a + 48u]);
    }
    workgroupBarrier();
  }
  let n = (group.y * 16u + y) * 4u;
  let j = group.x * 16u + x;
  finish(r, n, j, c[0]);
  finish(r, n + 1u, j, c[1]);
  finish(r, n + 2u, j, c[2]);
  finish(r, n + 3u, j, c[3]);
}
