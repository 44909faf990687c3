// z = x correlated with V (+ bias) (then ReLU): a convolution, channels last. A thread makes 8 positions × 4 channels in
// registers. The taps are the outer loops, so the inner one, over channels, divides nothing; where a tap falls beside the
// map it reads some other number, times zero.
const M: u32 = 64u; // examples
const HEIGHT: u32 = 28u;
const WIDTH: u32 = 28u;
const INPUTS: u32 = 16u; // channels in
const OUT_HEIGHT: u32 = 14u;
const OUT_WIDTH: u32 = 14u;
const OUTPUTS: u32 = 32u; // channels out
const KERNEL: u32 = 3u;
const STRIDE: u32 = 2u;
const PADDING: u32 = 1u;
const V_SIZE: u32 = 4640u; // numbers of one replica of v
const BIAS: bool = true; // the row of v behind the taps is added
const RELU: bool = true;

@group(0) @binding(0) var<storage, read_write> z: array<f32>; // [R][M][OUT_HEIGHT][OUT_WIDTH][OUTPUTS]
@group(0) @binding(1) var<storage, read> x: array<f32>; // [R][M][HEIGHT][WIDTH][INPUTS]
@group(0) @binding(2) var<storage, read> v: array<f32>; // [R][KERNEL][KERNEL][INPUTS][OUTPUTS] (+ [OUTPUTS])

const POSITIONS: u32 = M * OUT_HEIGHT * OUT_WIDTH;
const COLUMNS: u32 = (OUTPUTS + 3u) / 4u; // tiles of channels

@compute @workgroup_size(64)
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) thread: u32,
) {
  let tile = (group.y * groups.x + group.x) * 64u + thread;
  let n = tile % COLUMNS * 4u;
  let m = tile / COLUMNS * 8u;
  if (m >= POSITIONS) { return; }
  let r = group.z;
  let p0 = corner(r, m);
  let p1 = corner(r, m + 1u);
  let p2 = corner(r, m + 2u);
  let p3 = corner(r, m + 3u);
  let p4 = corner(r, m + 4u);
  let p5 = corner(r, m + 5u);
  let p6 = corner(r, m + 6u);
  let p7 = corner(r, m + 7u);
  let b = r * V_SIZE + min(vec4u(n, n + 1u, n + 2u, n + 3u), vec4u(OUTPUTS - 1u));

  var s0 = vec4f();
  if (BIAS) { let c = b + KERNEL * KERNEL * INPUTS * OUTPUTS; s0 = vec4f(v[c.x], v[c.y], v[c.z], v[c.w]); }
  var s1 = s0; var s2 = s0; var s3 = s0; var s4 = s0; var s5 = s0; var s6 = s0; var s7 = s0;

  let whole = INPUTS & ~3u;
  for (var tap = 0u; tap < KERNEL * KERNEL; tap++) {
    let at = vec3u(0u, tap / KERNEL, tap % KERNEL);
    let q0 = p0 + at; let f0 = seen(q0); let a0 = place(q0);
    let q1 = p1 + at; let f1 = seen(q1); let a1 = place(q1);
    let q2 = p2 + at; let f2 = seen(q2); let a2 = place(q2);
    let q3 = p3 + at; let f3 = seen(q3); let a3 = place(q3);
    let q4 = p4 + at; let f4 = seen(q4); let a4 = place(q4);
    let q5 = p5 + at; let f5 = seen(q5); let a5 = place(q5);
    let q6 = p6 + at; let f6 = seen(q6); let a6 = place(q6);
    let q7 = p7 + at; let f7 = seen(q7); let a7 = place(q7);
    let d = b + tap * INPUTS * OUTPUTS;
    for (var k = 0u; k < whole; k += 4u) {
      let c0 = d + k * OUTPUTS;
      let c1 = c0 + OUTPUTS;
      let c2 = c1 + OUTPUTS;
      let c3 = c2 + OUTPUTS;
      let v0 = vec4f(v[c0.x], v[c0.y], v[c0.z], v[c0.w]);
      let v1 = vec4f(v[c1.x], v[c1.y], v[c1.z], v[c1.w]);
      let v2 = vec4f(v[c2.x], v[c2.y], v[c2.z], v[c2.w]);
      let v3 = vec4f(v[c3.x], v[c3.y], v[c3.z], v[c3.w]);
      let x0 = f0 * quad(a0 + k); s0 += x0.x * v0 + x0.y * v1 + x0.z * v2 + x0.w * v3;
      let x1 = f1 * quad(a1 + k); s1 += x1.x * v0 + x1.y * v1 + x1.z * v2 + x1.w * v3;
      let x2 = f2 * quad(a2 + k); s2 += x2.x * v0 + x2.y * v1 + x2.z * v2 + x2.w * v3;
      let x3 = f3 * quad(a3 + k); s3 += x3.x * v0 + x3.y * v1 + x3.z * v2 + x3.w * v3;
      let x4 = f4 * quad(a4 + k); s4 += x4.x * v0 + x4.y * v1 + x4.z * v2 + x4.w * v3;
      let x5 = f5 * quad(a5 + k); s5 += x5.x * v0 + x5.y * v1 + x5.z * v2 + x5.w * v3;
      let x6 = f6 * quad(a6 + k); s6 += x6.x * v0 + x6.y * v1 + x6.z * v2 + x6.w * v3;
      let x7 = f7 * quad(a7 + k); s7 += x7.x * v0 + x7.y * v1 + x7.z * v2 + x7.w * v3;
    }
    for (var k = whole; k < INPUTS; k++) {
      let c = d + k * OUTPUTS;
      let w = vec4f(v[c.x], v[c.y], v[c.z], v[c.w]);
      s0 += f0 * x[a0 + k] * w; s1 += f1 * x[a1 + k] * w; s2 += f2 * x[a2 + k] * w;
      s3 += f3 * x[a3 + k] * w; s4 += f4 * x[a4 + k] * w; s5 += f5 * x[a5 + k] * w;
      s6 += f6 * x[a6 + k] * w; s7 += f7 * x[a7 + k] * w;
    }
  }

  store(r, m, n, s0); store(r, m + 1u, n, s1); store(r, m + 2u, n, s2); store(r, m + 3u, n, s3);
  store(r, m + 4u, n, s4); store(r, m + 5u, n, s5); store(r, m + 6u, n, s6); store(r, m + 7u, n, s7);
}

// Where the window of an output position starts: its image, row and column, of which the last two may be beside the map.
fn corner(r: u32, position: u32) -> vec3u {
  let p = min(position, POSITIONS - 1u);
  let row = p / OUT_WIDTH;
  return vec3u(r * M + row / OUT_HEIGHT, row % OUT_HEIGHT * STRIDE - PADDING, p % OUT_WIDTH * STRIDE - PADDING);
}

// Whether a place is on the map; what lies in front of it has wrapped round and is far behind.
fn seen(at: vec3u) -> f32 { return select(0.0, 1.0, at.y < HEIGHT && at.z < WIDTH); }

fn place(at: vec3u) -> u32 { return ((at.x * HEIGHT + min(at.y, HEIGHT - 1u)) * WIDTH + min(at.z, WIDTH - 1u)) * INPUTS; }

fn quad(i: u32) -> vec4f { return vec4f(x[i], x[i + 1u], x[i + 2u], x[i + 3u]); }

fn store(r: u32, m: u32, n: u32, sum: vec4f) {
  if (m >= POSITIONS) { return; }
  for (var j = 0u; j < min(4u, OUTPUTS - n); j++) {
    // Written so that a NaN passes: max(NaN, 0) is 0, and a diverged network would look healthy.
    z[(r * POSITIONS + m) * OUTPUTS + n + j] = select(sum[j], 0.0, RELU && sum[j] < 0.0);
  }
}
