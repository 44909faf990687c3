import { scratch, task } from './crew';
import { firstOf, lastOf, shareElements } from './elements';
import { drawn, drawUnits } from './philox';

@unmanaged
class Mask {
  bits: usize = 0;
  count: i32 = 0;
  density: f32 = 0;
  seed: u32 = 0;
  stream: u32 = 0;
}

/** Bit i of mask[⌈count / 32⌉] = (u_i < density), u_i drawn once from (seed, stream); rates[3] is the density. */
export function mask(bits: usize, count: i32, seed: usize, rates: usize, stream: u32): void {
  const m = changetype<Mask>(task);
  m.bits = bits;
  m.count = count;
  m.density = load<f32>(rates, 12);
  m.seed = load<u32>(seed);
  m.stream = stream;
  // Dense feedback needs no draws.
  if (m.density >= 1) memory.fill(bits, 255, 4 * ((count + 31) >>> 5));
  else shareElements(tile, count, 8);
}

function tile(index: i32): void {
  const m = changetype<Mask>(task);
  const last = lastOf(index, m.count);
  for (let at = firstOf(index); at < last; at += 32) {
    const word = firstBits(m, at) | (firstBits(m, at + drawn) << drawn);
    store<u32>(m.bits + 4 * (at >>> 5), word);
  }
}

/** The bits of the 16 connections from `at` on. */
function firstBits(m: Mask, at: i32): u32 {
  drawUnits(scratch, at, m.seed, m.stream, 0);
  const density = f32x4.splat(m.density);
  let bits: u32 = 0;
  for (let i = 0; i < drawn; i += 4) bits |= (<u32>i32x4.bitmask(f32x4.lt(v128.load(scratch + 4 * i), density))) << i;
  return bits;
}
