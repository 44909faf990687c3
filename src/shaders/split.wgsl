// The product left · right in 4×4 blocks, for a GPU and an output that is small beside its depth: a workgroup makes only
// DOWN×ACROSS blocks, so that there are enough workgroups to fill the GPU, and its threads share the depth of each block.
// Their partial sums meet in shared memory, in one fixed order. In front of a shader that says left, right, depth and
// finish, behind lines that say THREADS and scratch for four vectors a thread.
const DOWN: u32 = 4u; // blocks of a workgroup
const ACROSS: u32 = 4u; // at most 64 in all

const BLOCKS = DOWN * ACROSS;
const SPLITS = THREADS / BLOCKS;

@compute @workgroup_size(THREADS)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) thread: u32) {
  let r = group.z;
  let block = thread % BLOCKS;
  let i = group.y * DOWN + block / ACROSS;
  let j = group.x * ACROSS + block % ACROSS;
  var c = mat4x4f();
  for (var k = thread / BLOCKS; k < (depth(r) + 3u) / 4u; k += SPLITS) { c += right(r, k, j) * left(r, i, k); }
  // [SPLITS][row of a block][block]
  let at = thread / BLOCKS * 4u * BLOCKS + block;
  scratch[at] = c[0];
  scratch[at + BLOCKS] = c[1];
  scratch[at + 2u * BLOCKS] = c[2];
  scratch[at + 3u * BLOCKS] = c[3];
  workgroupBarrier();
  if (thread >= 4u * BLOCKS) { return; }
  var sum = scratch[thread];
  for (var split = 1u; split < SPLITS; split++) { sum += scratch[split * 4u * BLOCKS + thread]; }
  finish(r, i * 4u + thread / BLOCKS, j, sum);
}
