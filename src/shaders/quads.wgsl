enable subgroups;
// The product left · right in 4×4 blocks, for software adapters, where a load costs ten multiply-adds: a thread makes
// 2×2 blocks, and the four threads of a quad are 2×2 again, so that each loads half of what it needs and swaps with its
// neighbours. In front of a shader that says left, right, depth and finish. No thread leaves early: the quads stay
// whole, and finish guards the edges.
const THREADS: u32 = 8u;
const DOWN: u32 = 2u; // quads of a workgroup, one above another
const ACROSS: u32 = 1u; // or side by side
const SLICES: u32 = 5u; // z workgroups there are

fn across(a: mat4x4f) -> mat4x4f {
  return mat4x4f(quadSwapX(a[0]), quadSwapX(a[1]), quadSwapX(a[2]), quadSwapX(a[3]));
}

fn down(b: mat4x4f) -> mat4x4f {
  return mat4x4f(quadSwapY(b[0]), quadSwapY(b[1]), quadSwapY(b[2]), quadSwapY(b[3]));
}

// Two quads, 4×4 blocks each, make a workgroup.
@compute @workgroup_size(THREADS)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) thread: u32) {
  // Of one slice the number is known, and what it is multiplied by folds: worth 4 % of a weight's update.
  let r = select(group.z, 0u, SLICES == 1u);
  let x = thread & 1u;
  let y = (thread >> 1u) & 1u;
  let i = (group.y * DOWN + (thread >> 2u) / ACROSS) * 4u + y * 2u + x;
  let j = (group.x * ACROSS + (thread >> 2u) % ACROSS) * 4u + x * 2u + y;

  var c00 = mat4x4f();
  var c01 = c00;
  var c10 = c00;
  var c11 = c00;
  for (var k = 0u; k < (depth(r) + 3u) / 4u; k++) {
    let a0 = left(r, i, k);
    let b0 = right(r, k, j);
    let a1 = across(a0); // row i ^ 1
    let b1 = down(b0); // column j ^ 1
    c00 += b0 * a0;
    c01 += b1 * a0;
    c10 += b0 * a1;
    c11 += b1 * a1;
  }
  // One call in a loop: a finish for each of the 16 rows would take five times as long to compile, and no less to run.
  var blocks = array<mat4x4f, 4>(c00, c01, c10, c11);
  for (var row = 0u; row < 16u; row++) {
    let block = row >> 2u;
    finish(r, (i ^ (block >> 1u)) * 4u + (row & 3u), j ^ (block & 1u), blocks[block][row & 3u]);
  }
}
