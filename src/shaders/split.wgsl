// The product left · right in 4×4 blocks, for a GPU and an output that is small beside its depth: a workgroup makes only
// 4×4 blocks, so that there are enough workgroups to fill the GPU, and 16 threads share the depth of each block. Their
// partial sums meet in shared memory, in one fixed order. In front of a shader that says left, right, finish and the shape.

const SPLITS = 16u;
var<workgroup> partial: array<vec4f, SPLITS * 64u>; // [SPLITS][row of a block][block]

@compute @workgroup_size(SPLITS * 16u)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) thread: u32) {
  let r = group.z;
  let block = thread % 16u;
  let i = group.y * 4u + block / 4u;
  let j = group.x * 4u + block % 4u;
  var c = mat4x4f();
  for (var k = thread / 16u; k < (DEPTH + 3u) / 4u; k += SPLITS) { c += right(r, k, j) * left(r, i, k); }
  let at = thread / 16u * 64u + block;
  partial[at] = c[0];
  partial[at + 16u] = c[1];
  partial[at + 32u] = c[2];
  partial[at + 48u] = c[3];
  workgroupBarrier();
  if (thread >= 64u) { return; }
  var sum = partial[thread];
  for (var split = 1u; split < SPLITS; split++) { sum += partial[split * 64u + thread]; }
  finish(r, i * 4u + thread / 16u, j, sum);
}
