// Two rows of one number each: where batch norm's scale and shift, and its running statistics, start.
const N: u32 = 16u;
const FIRST: f32 = 1.0;
const SECOND: f32 = 0.0;

@group(0) @binding(0) var<storage, read_write> value: array<f32>; // [R][2][N]

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  for (var i = id.x; i < 2u * N; i += groups.x * 64u) { value[id.z * 2u * N + i] = select(SECOND, FIRST, i < N); }
}
