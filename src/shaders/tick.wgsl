// Moves a clock on.
const THREADS: u32 = 64u;

@group(0) @binding(0) var<storage, read_write> clock: array<u32>; // [R]

@compute @workgroup_size(THREADS)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) thread: u32) {
  if (thread == 0u) { clock[group.z]++; }
}
