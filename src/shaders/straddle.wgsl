// The difference and the sum of two tensors, each over the root of a number that comes in 64 partial sums.
const COUNT: u32 = 1024u; // numbers of each

@group(0) @binding(0) var<storage, read_write> difference: array<f32>; // [R][COUNT]
@group(0) @binding(1) var<storage, read_write> sum: array<f32>; // [R][COUNT]
@group(0) @binding(2) var<storage, read> norms: array<vec2f>; // [R][64]: of a, of b
@group(0) @binding(3) var<storage, read> a: array<f32>; // [R][COUNT]
@group(0) @binding(4) var<storage, read> b: array<f32>; // [R][COUNT]

const THREADS: u32 = 64u;
var<workgroup> norm: vec2f;

@compute @workgroup_size(THREADS)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) thread: u32) {
  if (thread == 0u) {
    var squares = vec2f();
    for (var g = 0u; g < 64u; g++) { squares += norms[group.z * 64u + g]; }
    norm = squares;
  }
  let scale = inverseSqrt(workgroupUniformLoad(&norm));
  for (var i = group.x * THREADS + thread; i < COUNT; i += THREADS * 64u) {
    let at = group.z * COUNT + i;
    let x = a[at] * scale.x;
    let y = b[at] * scale.y;
    difference[at] = x - y;
    sum[at] = x + y;
  }
}
