// Put in front of the shaders that scale two tensors by `norms`, what norms.wgsl left of them.
var<workgroup> scale: vec2f;

// What brings the two tensors of a replica to norm 1.
fn scales(replica: u32, thread: u32) -> vec2f {
  // One thread adds them up: all of them would load more than they compare in a small tensor.
  if (thread == 0u) {
    var squares = vec2f();
    for (var part = 0u; part < 64u; part++) { squares += norms[replica * 64u + part]; }
    scale = inverseSqrt(squares);
  }
  return workgroupUniformLoad(&scale);
}
