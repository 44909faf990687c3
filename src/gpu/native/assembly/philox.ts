/** Numbers of four blocks, drawn at once. */
export const drawn: i32 = 16;

/**
 * Philox4x32-10 as in model/rng.ts, with four blocks in the lanes of a vector. Writes 16 numbers in [0, 1) of a stream to
 * `to`, in order, from number `first` on, which is a multiple of four.
 */
export function drawUnits(to: usize, first: i32, seed: u32, stream: u32, step: u32): void {
  const times0 = i32x4.splat(0xd2511f53);
  const times1 = i32x4.splat(0xcd9e8d57);
  let c0 = i32x4.add(i32x4.splat(first >>> 2), i32x4(0, 1, 2, 3));
  let c1 = i32x4.splat(step);
  let c2 = i32x4.splat(0);
  let c3 = c2;
  for (let round = 0; round < 10; round++) {
    // Each lane's product has 64 bits: two vectors of two.
    const low0 = i64x2.extmul_low_i32x4_u(c0, times0);
    const high0 = i64x2.extmul_high_i32x4_u(c0, times0);
    const low1 = i64x2.extmul_low_i32x4_u(c2, times1);
    const high1 = i64x2.extmul_high_i32x4_u(c2, times1);
    c0 = v128.xor(v128.xor(upper(low1, high1), c1), i32x4.splat(seed));
    c2 = v128.xor(v128.xor(upper(low0, high0), c3), i32x4.splat(stream));
    c1 = lower(low1, high1);
    c3 = lower(low0, high0);
    seed += 0x9e3779b9;
    stream += 0xbb67ae85;
  }
  // Lane b holds a word of block b; in memory a block's words are neighbours.
  const low01 = v128.shuffle<i32>(c0, c1, 0, 4, 1, 5);
  const high01 = v128.shuffle<i32>(c0, c1, 2, 6, 3, 7);
  const low23 = v128.shuffle<i32>(c2, c3, 0, 4, 1, 5);
  const high23 = v128.shuffle<i32>(c2, c3, 2, 6, 3, 7);
  v128.store(to, unit(v128.shuffle<i32>(low01, low23, 0, 1, 4, 5)));
  v128.store(to, unit(v128.shuffle<i32>(low01, low23, 2, 3, 6, 7)), 16);
  v128.store(to, unit(v128.shuffle<i32>(high01, high23, 0, 1, 4, 5)), 32);
  v128.store(to, unit(v128.shuffle<i32>(high01, high23, 2, 3, 6, 7)), 48);
}

/** The upper halves of four products. */
function upper(low: v128, high: v128): v128 {
  return v128.shuffle<i32>(low, high, 1, 3, 5, 7);
}

/** Their lower halves. */
function lower(low: v128, high: v128): v128 {
  return v128.shuffle<i32>(low, high, 0, 2, 4, 6);
}

/** Words as numbers in [0, 1) with 24 bits. */
function unit(words: v128): v128 {
  return f32x4.mul(f32x4.convert_i32x4_s(i32x4.shr_u(words, 8)), f32x4.splat(<f32>5.9604644775390625e-8));
}
