// y = x at every position: the output error laid over a map, for direct feedback.
const M: u32 = 64u; // examples
const POSITIONS: u32 = 49u;
const CHANNELS: u32 = 10u;

@group(0) @binding(0) var<storage, read_write> y: array<f32>; // [R][M][POSITIONS][CHANNELS]
@group(0) @binding(1) var<storage, read> x: array<f32>; // [R][M][CHANNELS]

const COUNT: u32 = M * POSITIONS * CHANNELS;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  for (var i = id.x; i < COUNT; i += groups.x * 64u) {
    let m = i / (POSITIONS * CHANNELS);
    y[id.z * COUNT + i] = x[(id.z * M + m) * CHANNELS + i % CHANNELS];
  }
}
