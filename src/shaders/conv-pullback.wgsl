// The error through the transposed convolution with V (times ReLU') (added to what is there). Input positions are grouped
// by their place within the stride: a group hears from the same taps, so no tap is looked at in vain. A thread makes
// 8 positions of a group × 4 channels in registers; where a tap's error falls beside the map it reads another, times zero.
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
const V_SIZE: u32 = 4640u; // numbers of one replica of v
const MASK: bool = true; // multiply by 1[x > 0]
const ADD: bool = false; // add to dx

@group(0) @binding(0) var<storage, read_write> dx: array<f32>; // [R][M][HEIGHT][WIDTH][INPUTS]
@group(0) @binding(1) var<storage, read> e: array<f32>; // [R][M][OUT_HEIGHT][OUT_WIDTH][OUTPUTS]
@group(0) @binding(2) var<storage, read> v: array<f32>; // [R][KERNEL][KERNEL][INPUTS][OUTPUTS] (+ [OUTPUTS])
@group(0) @binding(3) var<storage, read> x: array<f32>; // as dx, what the layer below put out

const ROWS: u32 = (HEIGHT + STRIDE - 1u) / STRIDE; // of a group
const ROW: u32 = (WIDTH + STRIDE - 1u) / STRIDE;
const POSITIONS: u32 = M * ROWS * ROW;
const COLUMNS: u32 = (INPUTS + 3u) / 4u; // tiles of channels
const TILES: u32 = (POSITIONS + 7u) / 8u * COLUMNS; // of a group

@compute @workgroup_size(64)
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) thread: u32,
) {
  let tile = (group.y * groups.x + group.x) * 64u + thread;
  if (tile >= STRIDE * STRIDE * TILES) { return; }
  let offset = vec2u(tile / TILES / STRIDE, tile / TILES % STRIDE);
  let n = tile % TILES % COLUMNS * 4u;
  let m = tile % TILES / COLUMNS * 8u;
  let r = group.z;
  let p0 = member(r, m);
  let p1 = member(r, m + 1u);
  let p2 = member(r, m + 2u);
  let p3 = member(r, m + 3u);
  let p4 = member(r, m + 4u);
  let p5 = member(r, m + 5u);
  let p6 = member(r, m + 6u);
  let p7 = member(r, m + 7u);
  let b = r * V_SIZE + min(vec4u(n, n + 1u, n + 2u, n + 3u), vec4u(INPUTS - 1u)) * OUTPUTS;

  var s0 = vec4f(); var s1 = s0; var s2 = s0; var s3 = s0; var s4 = s0; var s5 = s0; var s6 = s0; var s7 = s0;
  let whole = OUTPUTS & ~3u;
  // Row `row` of the window reaches row y from output row (y + PADDING - row) / STRIDE, where that is whole.
  let first = (offset + PADDING) % STRIDE;
  let base = (offset + PADDING) / STRIDE;
  for (var row = first.x; row < KERNEL; row += STRIDE) {
    for (var column = first.y; column < KERNEL; column += STRIDE) {
      let at = vec3u(0u, base.x - row / STRIDE, base.y - column / STRIDE);
      let q0 = p0 + at; let f0 = seen(q0); let a0 = place(q0);
      let q1 = p1 + at; let f1 = seen(q1); let a1 = place(q1);
      let q2 = p2 + at; let f2 = seen(q2); let a2 = place(q2);
      let q3 = p3 + at; let f3 = seen(q3); let a3 = place(q3);
      let q4 = p4 + at; let f4 = seen(q4); let a4 = place(q4);
      let q5 = p5 + at; let f5 = seen(q5); let a5 = place(q5);
      let q6 = p6 + at; let f6 = seen(q6); let a6 = place(q6);
      let q7 = p7 + at; let f7 = seen(q7); let a7 = place(q7);
      let d = b + (row * KERNEL + column) * INPUTS * OUTPUTS;
      for (var k = 0u; k < whole; k += 4u) {
        let c = d + k;
        let v0 = vec4f(v[c.x], v[c.y], v[c.z], v[c.w]);
        let v1 = vec4f(v[c.x + 1u], v[c.y + 1u], v[c.z + 1u], v[c.w + 1u]);
        let v2 = vec4f(v[c.x + 2u], v[c.y + 2u], v[c.z + 2u], v[c.w + 2u]);
        let v3 = vec4f(v[c.x + 3u], v[c.y + 3u], v[c.z + 3u], v[c.w + 3u]);
        let e0 = f0 * quad(a0 + k); s0 += e0.x * v0 + e0.y * v1 + e0.z * v2 + e0.w * v3;
        let e1 = f1 * quad(a1 + k); s1 += e1.x * v0 + e1.y * v1 + e1.z * v2 + e1.w * v3;
        let e2 = f2 * quad(a2 + k); s2 += e2.x * v0 + e2.y * v1 + e2.z * v2 + e2.w * v3;
        let e3 = f3 * quad(a3 + k); s3 += e3.x * v0 + e3.y * v1 + e3.z * v2 + e3.w * v3;
        let e4 = f4 * quad(a4 + k); s4 += e4.x * v0 + e4.y * v1 + e4.z * v2 + e4.w * v3;
        let e5 = f5 * quad(a5 + k); s5 += e5.x * v0 + e5.y * v1 + e5.z * v2 + e5.w * v3;
        let e6 = f6 * quad(a6 + k); s6 += e6.x * v0 + e6.y * v1 + e6.z * v2 + e6.w * v3;
        let e7 = f7 * quad(a7 + k); s7 += e7.x * v0 + e7.y * v1 + e7.z * v2 + e7.w * v3;
      }
      for (var k = whole; k < OUTPUTS; k++) {
        let c = d + k;
        let w = vec4f(v[c.x], v[c.y], v[c.z], v[c.w]);
        s0 += f0 * e[a0 + k] * w; s1 += f1 * e[a1 + k] * w; s2 += f2 * e[a2 + k] * w;
        s3 += f3 * e[a3 + k] * w; s4 += f4 * e[a4 + k] * w; s5 += f5 * e[a5 + k] * w;
        s6 += f6 * e[a6 + k] * w; s7 += f7 * e[a7 + k] * w;
      }
    }
  }

  store(p0, offset, false, n, s0);
  store(p1, offset, m + 1u >= POSITIONS, n, s1);
  store(p2, offset, m + 2u >= POSITIONS, n, s2);
  store(p3, offset, m + 3u >= POSITIONS, n, s3);
  store(p4, offset, m + 4u >= POSITIONS, n, s4);
  store(p5, offset, m + 5u >= POSITIONS, n, s5);
  store(p6, offset, m + 6u >= POSITIONS, n, s6);
  store(p7, offset, m + 7u >= POSITIONS, n, s7);
}

// A position of a group: its image, row and column, counted within the group.
fn member(r: u32, position: u32) -> vec3u {
  let p = min(position, POSITIONS - 1u);
  let row = p / ROW;
  return vec3u(r * M + row / ROWS, row % ROWS, p % ROW);
}

// Whether a place is on the error's map; what lies in front of it has wrapped round and is far behind.
fn seen(at: vec3u) -> f32 { return select(0.0, 1.0, at.y < OUT_HEIGHT && at.z < OUT_WIDTH); }

fn place(at: vec3u) -> u32 {
  return ((at.x * OUT_HEIGHT + min(at.y, OUT_HEIGHT - 1u)) * OUT_WIDTH + min(at.z, OUT_WIDTH - 1u)) * OUTPUTS;
}

fn quad(i: u32) -> vec4f { return vec4f(e[i], e[i + 1u], e[i + 2u], e[i + 3u]); }

fn store(p: vec3u, offset: vec2u, beyond: bool, n: u32, sum: vec4f) {
  let at = p.yz * STRIDE + offset;
  if (beyond || at.x >= HEIGHT || at.y >= WIDTH) { return; }
  for (var j = 0u; j < min(4u, INPUTS - n); j++) {
    let i = ((p.x * HEIGHT + at.x) * WIDTH + at.y) * INPUTS + n + j;
    var d = sum[j];
    if (MASK) { d = select(0.0, d, x[i] > 0.0); }
    if (ADD) { d += dx[i]; }
    dx[i] = d;
  }
}
