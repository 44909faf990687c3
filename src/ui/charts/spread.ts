/** Moves sorted positions apart to at least `gap`, within [low, high], each as little as a sweep down and one up can do. */
export function spread(positions: readonly number[], gap: number, low: number, high: number): number[] {
  const out = positions.map((position) => Math.min(high, Math.max(low, position)));
  for (let i = 1; i < out.length; i++) out[i] = Math.max(out[i], out[i - 1] + gap);
  for (let i = out.length - 1, limit = high; i >= 0; i--, limit = out[i + 1] - gap) out[i] = Math.min(out[i], limit);
  return out;
}
