// The product left · right in 4×4 blocks, for a GPU and a large output: a workgroup makes SIDE×SIDE blocks, one a thread, and
// stages four blocks of depth at a time in shared memory. In front of a shader that says left, right, depth and finish,
// behind lines that say SIDE, THREADS (SIDE * SIDE) and scratch. That holds the left blocks and, from RIGHT on, the right
// ones: [depth in blocks][row or column of a block][block], so that neighbouring threads read neighbouring banks.
const RIGHT = 16u * SIDE;

@compute @workgroup_size(THREADS)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) thread: u32) {
  let r = group.z;
  let blocks = (depth(r) + 3u) / 4u;
  let x = thread % SIDE;
  let y = thread / SIDE;
  let staged = y % 4u * 4u * SIDE + x;
  var c = mat4x4f();
  for (var k = 0u; k < blocks; k += 4u) {
    if (y < 4u) {
      let a = left(r, group.y * SIDE + x, k + y);
      for (var t = 0u; t < 4u; t++) { scratch[staged + t * SIDE] = a[t]; }
    } else if (y < 8u) {
      let b = right(r, k + y - 4u, group.x * SIDE + x);
      for (var t = 0u; t < 4u; t++) { scratch[RIGHT + staged + t * SIDE] = b[t]; }
    }
    workgroupBarrier();
    for (var d = 0u; d < min(4u, blocks - k); d++) {
      let a = d * 4u * SIDE + y;
      let b = RIGHT + d * 4u * SIDE + x;
      c += mat4x4f(scratch[b], scratch[b + SIDE], scratch[b + 2u * SIDE], scratch[b + 3u * SIDE])
        * mat4x4f(scratch[a], scratch[a + SIDE], scratch[a + 2u * SIDE], scratch[a + 3u * SIDE]);
    }
    workgroupBarrier();
  }
  let n = (group.y * SIDE + y) * 4u;
  let j = group.x * SIDE + x;
  finish(r, n, j, c[0]);
  finish(r, n + 1u, j, c[1]);
  finish(r, n + 2u, j, c[2]);
  finish(r, n + 3u, j, c[3]);
}
