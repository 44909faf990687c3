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

/** Every so-many-th pair, so that about `count` are left: what a scatter can show. */
export function sample(numbers: ArrayLike<number>, count: number): Float32Array<ArrayBuffer> {
  // A stride that shares no factor with common layer widths, so that no unit is left out.
  const stride = Math.max(1, Math.floor(numbers.length / count)) | 1;
  return Float32Array.from({ length: Math.ceil(numbers.length / stride) }, (_, i) => numbers[i * stride]);
}
