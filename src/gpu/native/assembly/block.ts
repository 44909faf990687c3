/** Rows and columns of a block of sums: 8 vectors of them, with 2 of the right factor and 1 of the left, fit 15 registers. */
export const blockRows = 4;
export const blockColumns = 8;

/** a·b + c, rounded once where the engine has that. */
export function multiplyAdd(a: v128, b: v128, c: v128): v128 {
  return ASC_FEATURE_RELAXED_SIMD ? f32x4.relaxed_madd(a, b, c) : f32x4.add(c, f32x4.mul(a, b));
}

/**
 * sums[4,8] (+)= left[4,depth] right[depth,8]. Number (i, k) of left is at left + i·row + k·step; only its first `rows`
 * rows exist. right is packed. Rows of sums are `across` bytes apart. With 4×8 sums Chromium reaches 53 of this
 * machine's 59 GFLOP/s; 6×8, 4×12 and 3×16 spill (49, 27, 39), and so do two or four steps of depth at once (35).
 */
export function multiplyBlock(
  sums: usize,
  across: usize,
  left: usize,
  row: usize,
  step: usize,
  rows: i32,
  right: usize,
  depth: i32,
  add: bool,
): void {
  let a0 = left;
  // A missing row is replaced by row 0: its sums do not matter, but memory beyond the matrix must not be read.
  let a1 = rows > 1 ? a0 + row : a0;
  let a2 = rows > 2 ? a1 + row : a0;
  let a3 = rows > 3 ? a2 + row : a0;
  const to1 = sums + across;
  const to2 = to1 + across;
  const to3 = to2 + across;
  let s00 = f32x4.splat(0);
  let s01 = s00;
  let s10 = s00;
  let s11 = s00;
  let s20 = s00;
  let s21 = s00;
  let s30 = s00;
  let s31 = s00;
  for (; depth > 0; depth--) {
    const b0 = v128.load(right);
    const b1 = v128.load(right, 16);
    const x0 = v128.load32_splat(a0);
    s00 = multiplyAdd(x0, b0, s00);
    s01 = multiplyAdd(x0, b1, s01);
    const x1 = v128.load32_splat(a1);
    s10 = multiplyAdd(x1, b0, s10);
    s11 = multiplyAdd(x1, b1, s11);
    const x2 = v128.load32_splat(a2);
    s20 = multiplyAdd(x2, b0, s20);
    s21 = multiplyAdd(x2, b1, s21);
    const x3 = v128.load32_splat(a3);
    s30 = multiplyAdd(x3, b0, s30);
    s31 = multiplyAdd(x3, b1, s31);
    a0 += step;
    a1 += step;
    a2 += step;
    a3 += step;
    right += 32;
  }
  // Added at the end: a sum of partial sums loses less to rounding than one long sum.
  if (add) {
    s00 = f32x4.add(s00, v128.load(sums));
    s01 = f32x4.add(s01, v128.load(sums, 16));
    s10 = f32x4.add(s10, v128.load(to1));
    s11 = f32x4.add(s11, v128.load(to1, 16));
    s20 = f32x4.add(s20, v128.load(to2));
    s21 = f32x4.add(s21, v128.load(to2, 16));
    s30 = f32x4.add(s30, v128.load(to3));
    s31 = f32x4.add(s31, v128.load(to3, 16));
  }
  v128.store(sums, s00);
  v128.store(sums, s01, 16);
  v128.store(to1, s10);
  v128.store(to1, s11, 16);
  v128.store(to2, s20);
  v128.store(to2, s21, 16);
  v128.store(to3, s30);
  v128.store(to3, s31, 16);
}
