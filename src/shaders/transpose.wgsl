// Each example as a matrix, transposed (times ReLU' of a gate) (added to what is there): the order of PyTorch's flatten
// and back.
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

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  for (var i = id.x; i < COUNT; i += groups.x * 64u) {
    let m = i / SIZE;
    let at = id.z * COUNT + i;
    var value = x[id.z * COUNT + m * SIZE + (i % ROWS) * COLUMNS + i % SIZE / ROWS];
    if (MASK) { value = select(0.0, value, gate[at] > 0.0); }
    if (ADD) { value += y[at]; }
    y[at] = value;
  }
}
