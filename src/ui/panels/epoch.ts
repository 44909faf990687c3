/** Epochs, whole or not, that so many steps are. */
export const epochsDone = (step: number, stepsPerEpoch: number): number => step / Math.max(1, stepsPerEpoch);

/** The epoch that a run is in, from 1 on: between two the next one, unless none was to come; 0 where there is no run. */
export function epochAt(step: number, stepsPerEpoch: number, epochs: number): number {
  if (stepsPerEpoch === 0) return 0;
  const done = epochsDone(step, stepsPerEpoch);
  // A run whose epochs were cut short has gone farther than it was to.
  return Math.min(Math.floor(done) + 1, Math.max(epochs, Math.ceil(done)));
}
