// The weight gradient of a convolution, x correlated with e, over a piece of the examples. A thread makes 8 inputs ×
// 4 outputs of one tap in registers, and goes over the positions where that tap is on the map, so nothing is checked
// inside. One tile behind the taps makes the bias.
const M: u32 = 64u; // examples
const HEIGHT: u32 = 28u;
const WIDTH: u32 = 28u;
const INPUTS: u32 = 16u; // channels in
const OUT_HEIGHT: u32 = 14u;
const OUT_WIDTH: u32 = 14u;
const OUTPUTS: u32 = 32u; // channels of the error
const KERNEL: u32 = 3u;
const STRIDE: u32 = 2u;
const PADDING: u32 = 1u;
const BIAS: bool = true;
const PIECES: u32 = 64u;
const IMAGES: u32 = 1u; // examples of a piece

@group(0) @binding(0) var<storage, read_write> partial: array<f32>; // [R][PIECES][KERNEL KERNEL INPUTS (+1)][OUTPUTS]
@group(0) @binding(1) var<storage, read> x: array<f32>; // [R][M][HEIGHT][WIDTH][INPUTS]
@group(0) @binding(2) var<storage, read> e: array<f32>; // [R][M][OUT_HEIGHT][OUT_WIDTH][OUTPUTS]

const TAPS: u32 = KERNEL * KERNEL;
const COLUMNS: u32 = (OUTPUTS + 3u) / 4u; // tiles of outputs
const DEPTH: u32 = (INPUTS + 7u) / 8u; // tiles of inputs
const TILES: u32 = (TAPS * DEPTH + u32(BIAS)) * COLUMNS; // of a piece

@compute @workgroup_size(64)
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) thread: u32,
) {
  let tile = (group.y * groups.x + group.x) * 64u + thread;
  if (tile >= PIECES * TILES) { return; }
  let r = group.z;
  let piece = tile / TILES;
  let k = tile % COLUMNS * 4u;
  let block = tile % TILES / COLUMNS;
  let columns = min(vec4u(k, k + 1u, k + 2u, k + 3u), vec4u(OUTPUTS - 1u));
  let start = piece * IMAGES;
  let end = min(start + IMAGES, M);
  var row = (r * PIECES + piece) * (TAPS * INPUTS + u32(BIAS));
  if (block == TAPS * DEPTH) {
    var sum = vec4f();
    let size = OUT_HEIGHT * OUT_WIDTH * OUTPUTS;
    let last = (r * M + end) * size;
    for (var i = (r * M + start) * size; i < last; i += OUTPUTS) {
      let b = i + columns;
      sum += vec4f(e[b.x], e[b.y], e[b.z], e[b.w]);
    }
    store(row + TAPS * INPUTS, k, sum);
    return;
  }

  let tap = block / DEPTH;
  let n = block % DEPTH * 8u;
  let at = vec2u(tap / KERNEL, tap % KERNEL);
  let a = min(vec4u(n, n + 1u, n + 2u, n + 3u), vec4u(INPUTS - 1u));
  let h = min(vec4u(n + 4u, n + 5u, n + 6u, n + 7u), vec4u(INPUTS - 1u));
  // The output rows and columns from which this tap is on the map.
  let low = (max(at, vec2u(PADDING)) - at + STRIDE - 1u) / STRIDE;
  let high = min((max(vec2u(HEIGHT, WIDTH) + PADDING, at) - at + STRIDE - 1u) / STRIDE, vec2u(OUT_HEIGHT, OUT_WIDTH));
  let count = max(high.y, low.y) - low.y;
  let next = STRIDE * INPUTS;

  var s0 = vec4f(); var s1 = s0; var s2 = s0; var s3 = s0; var s4 = s0; var s5 = s0; var s6 = s0; var s7 = s0;
  for (var m = r * M + start; m < r * M + end; m++) {
    for (var oy = low.x; oy < high.x; oy++) {
      let line = ((m * HEIGHT + oy * STRIDE + at.x - PADDING) * WIDTH + low.y * STRIDE + at.y - PADDING) * INPUTS;
      var i = a + line;
      var j = h + line;
      var b = columns + ((m * OUT_HEIGHT + oy) * OUT_WIDTH + low.y) * OUTPUTS;
      for (var pair = 0u; pair < count / 2u; pair++) {
        let c = b + OUTPUTS;
        let e0 = vec4f(e[b.x], e[b.y], e[b.z], e[b.w]);
        let e1 = vec4f(e[c.x], e[c.y], e[c.z], e[c.w]);
        s0 += x[i.x] * e0 + x[i.x + next] * e1;
        s1 += x[i.y] * e0 + x[i.y + next] * e1;
        s2 += x[i.z] * e0 + x[i.z + next] * e1;
        s3 += x[i.w] * e0 + x[i.w + next] * e1;
        s4 += x[j.x] * e0 + x[j.x + next] * e1;
        s5 += x[j.y] * e0 + x[j.y + next] * e1;
        s6 += x[j.z] * e0 + x[j.z + next] * e1;
        s7 += x[j.w] * e0 + x[j.w + next] * e1;
        i += 2u * next;
        j += 2u * next;
        b += 2u * OUTPUTS;
      }
      if (count % 2u == 1u) {
        let w = vec4f(e[b.x], e[b.y], e[b.z], e[b.w]);
        s0 += x[i.x] * w; s1 += x[i.y] * w; s2 += x[i.z] * w; s3 += x[i.w] * w;
        s4 += x[j.x] * w; s5 += x[j.y] * w; s6 += x[j.z] * w; s7 += x[j.w] * w;
      }
    }
  }

  row += tap * INPUTS + n;
  store(row, k, s0);
  if (n + 1u < INPUTS) { store(row + 1u, k, s1); }
  if (n + 2u < INPUTS) { store(row + 2u, k, s2); }
  if (n + 3u < INPUTS) { store(row + 3u, k, s3); }
  if (n + 4u < INPUTS) { store(row + 4u, k, s4); }
  if (n + 5u < INPUTS) { store(row + 5u, k, s5); }
  if (n + 6u < INPUTS) { store(row + 6u, k, s6); }
  if (n + 7u < INPUTS) { store(row + 7u, k, s7); }
}

fn store(row: u32, k: u32, sum: vec4f) {
  for (var j = 0u; j < min(4u, OUTPUTS - k); j++) { partial[row * OUTPUTS + k + j] = sum[j]; }
}
