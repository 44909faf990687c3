// Adds up what score.wgsl left of each example, in their order, and moves the clock on: a step is over. One thread, which
// needs no barrier and is done long before the products beside it.
const M: u32 = 64u; // examples
const SLOTS: u32 = 1024u; // steps that the ring holds
const COUNT: u32 = 4294967295u; // examples there are: those of the last batch beyond it do not count
const THREADS: u32 = 64u;

@group(0) @binding(0) var<storage, read_write> ring: array<vec2f>; // [R][SLOTS + M]: sum of losses, number right
@group(0) @binding(1) var<storage, read_write> clock: array<u32>; // [R]

@compute @workgroup_size(THREADS)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) thread: u32) {
  if (thread > 0u) { return; }
  let step = clock[group.z];
  let start = group.z * (SLOTS + M);
  var sum = vec2f();
  for (var m = 0u; m < min(M, COUNT - min(COUNT, step * M)); m++) { sum += ring[start + SLOTS + m]; }
  ring[start + step % SLOTS] = sum;
  clock[group.z] = step + 1u;
}
