// Nothing but multiply-adds in registers: what the adapter can do at most. Two chains, so that one need not wait for the
// other; more would spill on SwiftShader.
@group(0) @binding(0) var<storage, read_write> y: array<f32>;
@group(0) @binding(1) var<storage, read> x: array<f32>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let a = vec4f(x[id.x]) + vec4f(0.1, 0.2, 0.3, 0.4);
  let b = a.yzwx;
  var s = a;
  var t = b;
  for (var round = 0u; round < 512u; round++) {
    s = (((s * b + a) * b + a) * b + a) * b + a;
    t = (((t * b + a) * b + a) * b + a) * b + a;
  }
  y[id.x] = dot(s, t);
}
