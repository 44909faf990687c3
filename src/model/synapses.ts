/** What is measured in the cortex between forward and feedback weights of the same pairs of neurons (Appendix B of the paper). */
export const cortex = { correlation: 0.2, angle: 78 } as const;

/** How the feedback synapses of one layer lie to its forward weights. */
export interface Relation {
  /** Pearson's R over all pairs, those without a feedback synapse counted as 0. NaN where one side does not vary. */
  readonly correlation: number;
  /** Between the two as vectors, in degrees. NaN where one is zero. */
  readonly angle: number;
  /** Variance of the forward weights. */
  readonly variance: number;
}

/** Correlation and angle of two lists of weights of the same pairs. */
export function relate(forward: ArrayLike<number>, feedback: ArrayLike<number>): Relation {
  let [f, b, ff, bb, fb] = [0, 0, 0, 0, 0];
  for (let i = 0; i < forward.length; i++) {
    f += forward[i];
    b += feedback[i];
    ff += forward[i] ** 2;
    bb += feedback[i] ** 2;
    fb += forward[i] * feedback[i];
  }
  const n = forward.length;
  const spread = Math.sqrt((ff - (f * f) / n) * (bb - (b * b) / n));
  const cosine = fb / Math.sqrt(ff * bb);
  return {
    correlation: spread > 0 ? (fb - (f * b) / n) / spread : NaN,
    variance: (ff - (f * f) / n) / n,
    angle: (Math.acos(Math.min(1, Math.max(-1, cosine))) * 180) / Math.PI,
  };
}

/** The golden ratio's fraction: its multiples, modulo 1, spread evenly and never fall into step with a layer's width. */
const golden = (Math.sqrt(5) - 1) / 2;

/** `count` of the pairs at most, one from each stretch of equal length, so that no unit is left out: what a scatter can show. */
export function sample(numbers: ArrayLike<number>, count: number): Float32Array<ArrayBuffer> {
  const length = Math.min(count, numbers.length);
  const stretch = numbers.length / length;
  return Float32Array.from({ length }, (_, i) => numbers[Math.floor((i + ((i * golden) % 1)) * stretch)]);
}
