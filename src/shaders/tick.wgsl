// Moves a clock on.
@group(0) @binding(0) var<storage, read_write> clock: array<u32>; // [R]

@compute @workgroup_size(1)
fn main(@builtin(workgroup_id) group: vec3u) { clock[group.z]++; }
