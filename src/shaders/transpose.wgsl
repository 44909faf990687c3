// Each example as a matrix, transposed (times ReLU' of a gate) (added to what is there): the order of PyTorch's flatten
// and back.
// THREADS and GROUPS come from kernels/strided.ts.
const M: u32 = 64u; // examples
const ROWS: u32 = 49u; // of an example of x
const COLUMNS: u32 = 16u;
const MASK: bool = false; // multiply by 1[gate > 0]
const ADD: bool = false; // add to y

@group(0) @binding(0) var<storage, read_write> y: array<f32>; // [R][M][COLUMNS][ROWS]
@group(0) @binding(1) var<storage, read> x: array<f32>; // [R][M][ROWS][COLUMNS]
@group(0) @binding(2) var<storage, read> gate: array<f32>; // as y

const SIZE: u32 = ROWS * COLUMNS;
const COUNT: u32 = M * SIZE;

@compute @workgroup_size(THREADS)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) thread: u32) {
  for (var i = group.x * THREADS + thread; i < COUNT; i += GROUPS * THREADS) {
    let m = i / SIZE;
    let at = group.z * COUNT + i;
    var value = x[group.z * COUNT + m * SIZE + (i % ROWS) * COLUMNS + i % SIZE / ROWS];
    if (MASK) { value = select(0.0, value, gate[at] > 0.0); }
    if (ADD) { value += y[at]; }
    y[at] = value;
  }
}
