// conv-outer.wgsl where INPUTS and OUTPUTS are multiples of 4: numbers by fours, none of which straddles two pixels.
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

// [R][PIECES][KERNEL KERNEL INPUTS (+1)][OUTPUTS / 4]
@group(0) @binding(0) var<storage, read_write> parts: array<vec4f>;
@group(0) @binding(1) var<storage, read> x: array<vec4f>; // [R][M][HEIGHT][WIDTH][INPUTS / 4]
@group(0) @binding(2) var<storage, read> e: array<vec4f>; // [R][M][OUT_HEIGHT][OUT_WIDTH][OUTPUTS / 4]

const ROW: u32 = (OUT_WIDTH + 3u) / 4u; // blocks of an output row
const SPAN: u32 = KERNEL * INPUTS / 4u; // blocks of a window's row
const LINE: u32 = WIDTH * INPUTS / 4u; // fours of an image's row
const WEIGHTS: u32 = KERNEL * KERNEL * INPUTS; // rows without the bias

fn depth(r: u32) -> u32 { return IMAGES * OUT_HEIGHT * ROW * 4u; }

// The bias is the weight of an input that is 1: its row is all ones. Chosen without a branch, which is dear in software.
fn left(r: u32, i: u32, k: u32) -> mat4x4f {
  let line = k / ROW;
  let image = min(r % PIECES * IMAGES + line / OUT_HEIGHT, M - 1u);
  let y = line % OUT_HEIGHT * STRIDE + i / SPAN - PADDING; // wraps round in front of the image
  let start = ((r / PIECES * M + image) * HEIGHT + min(y, HEIGHT - 1u)) * LINE;
  let step = STRIDE * INPUTS / 4u;
  let a = (k % ROW * 4u * STRIDE - PADDING) * (INPUTS / 4u) + i % SPAN + step * vec4u(0u, 1u, 2u, 3u);
  let seen = (a < vec4u(LINE)) & vec4<bool>(y < HEIGHT);
  let b = start + min(a, vec4u(LINE - 1u));
  let block = transpose(mat4x4f(
    select(vec4f(), x[b.x], seen.x), select(vec4f(), x[b.y], seen.y),
    select(vec4f(), x[b.z], seen.z), select(vec4f(), x[b.w], seen.w),
  ));
  let first = select(block[0], vec4f(1.0), vec4<bool>(i == WEIGHTS / 4u));
  return mat4x4f(first, block[1], block[2], block[3]);
}

fn right(r: u32, k: u32, j: u32) -> mat4x4f {
  let line = k / ROW;
  let image = r % PIECES * IMAGES + line / OUT_HEIGHT;
  let start = ((r / PIECES * M + min(image, M - 1u)) * OUT_HEIGHT + line % OUT_HEIGHT) * OUT_WIDTH;
  let a = k % ROW * 4u + vec4u(0u, 1u, 2u, 3u);
  let seen = (a < vec4u(OUT_WIDTH)) & vec4<bool>(image < M);
  let b = (start + min(a, vec4u(OUT_WIDTH - 1u))) * (OUTPUTS / 4u) + j;
  return mat4x4f(
    select(vec4f(), e[b.x], seen.x), select(vec4f(), e[b.y], seen.y),
    select(vec4f(), e[b.z], seen.z), select(vec4f(), e[b.w], seen.w),
  );
}

fn finish(r: u32, n: u32, j: u32, sum: vec4f) {
  if (n >= WEIGHTS + u32(BIAS) || j >= OUTPUTS / 4u) { return; }
  parts[(r * (WEIGHTS + u32(BIAS)) + n) * (OUTPUTS / 4u) + j] = sum;
}
