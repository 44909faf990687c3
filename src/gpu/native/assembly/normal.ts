import { multiplyAdd } from './block';
import { scratch } from './crew';
import { describeDraw, draw } from './draw';
import { firstOf, lastOf, put, shareElements } from './elements';
import { drawn, drawUnits } from './philox';

/** value[count] = deviation · N(0, 1), drawn from (seed, stream, clock). */
export function normal(value: usize, count: i32, deviation: f32, seed: usize, stream: u32, clock: usize): void {
  describeDraw(value, count, deviation, seed, stream, clock);
  shareElements(tile, count, 16);
}

function tile(index: i32): void {
  const d = draw();
  const last = lastOf(index, d.count);
  for (let at = firstOf(index); at < last; at += drawn) {
    drawUnits(scratch, at, d.seed, d.stream, d.step);
    for (let i = 0; i < drawn && at + i < last; i += 8) {
      makeNormal(scratch + 4 * i, d.scale);
      for (let j = i; j < i + 8 && at + j < last; j += 4)
        put(d.value + 4 * (at + j), v128.load(scratch + 4 * j), last - at - j);
    }
  }
}

/** Turns four pairs of numbers in [0, 1) into four pairs of normal ones, in place (Box-Muller). */
function makeNormal(pairs: usize, deviation: f32): void {
  const low = v128.load(pairs);
  const high = v128.load(pairs, 16);
  const a = v128.shuffle<f32>(low, high, 0, 2, 4, 6);
  const b = v128.shuffle<f32>(low, high, 1, 3, 5, 7);
  const radius = f32x4.sqrt(f32x4.mul(f32x4.splat(-2), logarithm(f32x4.sub(f32x4.splat(1), a))));
  const long = f32x4.mul(radius, f32x4.splat(deviation));

  // b turns, in quarters: the nearest whole quarter, and what is left of it, at most half a quarter, as an angle.
  const quarters = f32x4.mul(b, f32x4.splat(4));
  const whole = f32x4.nearest(quarters);
  const angle = f32x4.mul(f32x4.sub(quarters, whole), f32x4.splat(<f32>1.5707963267948966));
  const quarter = i32x4.trunc_sat_f32x4_s(whole);
  const square = f32x4.mul(angle, angle);
  const sine = multiplyAdd(f32x4.mul(angle, square), sineOver(square), angle);
  const cosine = cosineOf(square);
  // Every odd quarter swaps the two; the cosine is negative in quarters 1 and 2, the sine in 2 and 3.
  const one = i32x4.splat(1);
  const odd = i32x4.eq(v128.and(quarter, one), one);
  const x = v128.bitselect(sine, cosine, odd);
  const y = v128.bitselect(cosine, sine, odd);
  const right = f32x4.mul(long, v128.xor(x, signFor(i32x4.add(quarter, one))));
  const up = f32x4.mul(long, v128.xor(y, signFor(quarter)));
  v128.store(pairs, v128.shuffle<f32>(right, up, 0, 4, 1, 5));
  v128.store(pairs, v128.shuffle<f32>(right, up, 2, 6, 3, 7), 16);
}

/** The sign bit where a number of quarters lies in the second half of a turn. */
function signFor(quarter: v128): v128 {
  return i32x4.shl(v128.and(quarter, i32x4.splat(2)), 30);
}

// The polynomials are those of Moshier's Cephes library in single precision (logf.c, sinf.c): within an ulp or two.

/** The natural logarithm of numbers in (0, 1], at least 2⁻²⁴. */
function logarithm(x: v128): v128 {
  // x = 2^exponent · (1 + m) with 1 + m between √½ and √2: its exponent counts from the bits of √½.
  const bits = i32x4.sub(x, i32x4.splat(0x3f3504f3));
  const exponent = i32x4.shr_s(bits, 23);
  const e = f32x4.convert_i32x4_s(exponent);
  const m = f32x4.sub(i32x4.sub(x, i32x4.shl(exponent, 23)), f32x4.splat(1));
  let p = f32x4.splat(<f32>7.0376836292e-2);
  p = multiplyAdd(p, m, f32x4.splat(<f32>-1.151461031e-1));
  p = multiplyAdd(p, m, f32x4.splat(<f32>1.167699874e-1));
  p = multiplyAdd(p, m, f32x4.splat(<f32>-1.2420140846e-1));
  p = multiplyAdd(p, m, f32x4.splat(<f32>1.4249322787e-1));
  p = multiplyAdd(p, m, f32x4.splat(<f32>-1.6668057665e-1));
  p = multiplyAdd(p, m, f32x4.splat(<f32>2.0000714765e-1));
  p = multiplyAdd(p, m, f32x4.splat(<f32>-2.4999993993e-1));
  p = multiplyAdd(p, m, f32x4.splat(<f32>3.3333331174e-1));
  const square = f32x4.mul(m, m);
  let rest = f32x4.mul(f32x4.mul(p, m), square);
  // ln 2 in two parts, the first exact in few bits.
  rest = multiplyAdd(e, f32x4.splat(<f32>-2.1219444e-4), rest);
  rest = multiplyAdd(f32x4.splat(-0.5), square, rest);
  return multiplyAdd(e, f32x4.splat(<f32>0.693359375), f32x4.add(m, rest));
}

/** (sin a - a) / a³ of a² up to (π/4)². */
function sineOver(square: v128): v128 {
  const p = multiplyAdd(square, f32x4.splat(<f32>-1.9515295891e-4), f32x4.splat(<f32>8.3321608736e-3));
  return multiplyAdd(p, square, f32x4.splat(<f32>-1.6666654611e-1));
}

/** cos a of a² up to (π/4)². */
function cosineOf(square: v128): v128 {
  let p = multiplyAdd(square, f32x4.splat(<f32>2.443315711809948e-5), f32x4.splat(<f32>-1.388731625493765e-3));
  p = multiplyAdd(p, square, f32x4.splat(<f32>4.166664568298827e-2));
  return multiplyAdd(f32x4.mul(p, square), square, multiplyAdd(square, f32x4.splat(-0.5), f32x4.splat(1)));
}
