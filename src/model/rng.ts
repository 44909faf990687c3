/**
 * The lab's only source of randomness: Philox4x32-10 (Salmon et al. 2011, "Parallel random numbers: as easy as
 * 1, 2, 3"), a counter-based generator. A number is a pure function of (seed, stream, step, index), so it does not
 * matter who draws it, in which order, or on which device: `shaders/philox.wgsl` is this file again in WGSL.
 */

/** What a stream of numbers is for. Every tensor of every layer draws from its own, so a rule never moves another's. */
export const streams = {
  weight: 0,
  feedback: 1,
  magnitude: 2,
  projection: 3,
  remainder: 4,
  mask: 5,
  shuffle: 6,
  noise: 7,
  augment: 8,
  mixture: 9,
} as const;

/** The stream of `purpose` in layer `layer`; a layer has room for 16 purposes of its own. */
export function stream(purpose: keyof typeof streams, layer = 0, variant = 0): number {
  return (layer << 8) | (variant << 4) | streams[purpose];
}

/** Four 32-bit words for the counter (c0..c3) under the key (k0, k1). */
export type Words = [number, number, number, number];

/** One block of Philox4x32 with ten rounds. `out` is overwritten and returned, so that a loop allocates nothing. */
export function philox(
  c0: number,
  c1: number,
  c2: number,
  c3: number,
  k0: number,
  k1: number,
  out: Words = [0, 0, 0, 0],
): Words {
  for (let round = 0; round < 10; round++) {
    const low0 = Math.imul(0xd2511f53, c0) >>> 0;
    const high0 = multiplyHigh(0xd2511f53, c0);
    const low1 = Math.imul(0xcd9e8d57, c2) >>> 0;
    const high1 = multiplyHigh(0xcd9e8d57, c2);
    c0 = (high1 ^ c1 ^ k0) >>> 0;
    c1 = low1;
    c2 = (high0 ^ c3 ^ k1) >>> 0;
    c3 = low0;
    k0 = (k0 + 0x9e3779b9) >>> 0;
    k1 = (k1 + 0xbb67ae85) >>> 0;
  }
  out[0] = c0;
  out[1] = c1;
  out[2] = c2;
  out[3] = c3;
  return out;
}

/** The upper 32 bits of the 64-bit product of two 32-bit words, in 16-bit halves as WGSL has to do it. */
function multiplyHigh(a: number, b: number): number {
  const aLow = a & 0xffff;
  const aHigh = a >>> 16;
  const bLow = b & 0xffff;
  const bHigh = b >>> 16;
  const mid = aHigh * bLow + ((aLow * bLow) >>> 16);
  const carry = (mid & 0xffff) + aLow * bHigh;
  return (aHigh * bHigh + Math.floor(mid / 65536) + Math.floor(carry / 65536)) >>> 0;
}

/** A 32-bit word as a number in [0, 1) with 24 bits: exact in float32, so every device agrees on it. */
export function unit(word: number): number {
  return (word >>> 8) * 2 ** -24;
}

/** Calls `visit(index, word)` for the `count` words of a stream. */
export function drawWords(
  seed: number,
  streamId: number,
  step: number,
  count: number,
  visit: (index: number, word: number) => void,
): void {
  const block: Words = [0, 0, 0, 0];
  for (let index = 0; index < count; index += 4) {
    philox(index >>> 2, step, 0, 0, seed >>> 0, streamId, block);
    for (let lane = 0; lane < 4 && index + lane < count; lane++) visit(index + lane, block[lane]);
  }
}

/** Fills `out` with normal numbers, mean 0 and standard deviation 1 (Box-Muller on pairs of words). */
export function fillNormal(out: Float64Array | Float32Array, seed: number, streamId: number, step = 0): void {
  let radius = 0;
  let angle = 0;
  drawWords(seed, streamId, step, out.length + (out.length & 1), (index, word) => {
    if ((index & 1) === 0) {
      radius = Math.sqrt(-2 * Math.log(1 - unit(word)));
      return;
    }
    angle = 2 * Math.PI * unit(word);
    out[index - 1] = radius * Math.cos(angle);
    if (index < out.length) out[index] = radius * Math.sin(angle);
  });
}

/**
 * Where image `position` of a shuffled epoch sits in the data set: a bijection of [0, count), different for every
 * (seed, epoch), that needs no table. A Feistel network over pairs (a, b) in [0, side)² with Philox as its round function
 * (side = ⌈√count⌉), walked on while it lands outside [0, count).
 */
export function shuffled(position: number, count: number, seed: number, epoch: number): number {
  const side = Math.ceil(Math.sqrt(count));
  const block: Words = [0, 0, 0, 0];
  let at = position;
  do {
    let a = Math.floor(at / side);
    let b = at % side;
    for (let round = 0; round < 4; round++) {
      philox(b, epoch, round, 0, seed >>> 0, streams.shuffle, block);
      const next = (a + (block[0] % side)) % side;
      a = b;
      b = next;
    }
    at = a * side + b;
  } while (at >= count);
  return at;
}
