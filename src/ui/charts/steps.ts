/** A stretch of the run, from one step to another. */
export type Steps = readonly [from: number, to: number];

/** No axis shows fewer steps. */
export const fewestSteps = 20;

export const includes = ([from, to]: Steps, step: number): boolean => from <= step && step <= to;

const widthOf = ([from, to]: Steps): number => to - from;

/** So many steps of the whole from `from` on, as near as there is room for; null where they are all of it. */
function within(whole: Steps, from: number, width: number): Steps | null {
  const wide = Math.max(fewestSteps, Math.round(width));
  if (wide >= widthOf(whole)) return null;
  const first = Math.round(Math.min(Math.max(whole[0], from), whole[1] - wide));
  return [first, first + wide];
}

/** What lies between two steps, whichever comes first, as a stretch of the whole; null for all of it. */
export function between(one: number, other: number, whole: Steps): Steps | null {
  const width = Math.max(fewestSteps, Math.abs(other - one));
  return within(whole, (one + other - width) / 2, width);
}

/** A stretch `factor` times as wide, in which `step` stays where it is; null for the whole. */
export function widened(steps: Steps, factor: number, step: number, whole: Steps): Steps | null {
  const at = Math.min(steps[1], Math.max(steps[0], step));
  const width = Math.max(fewestSteps, factor * widthOf(steps));
  return within(whole, at - ((at - steps[0]) / widthOf(steps)) * width, width);
}

/** The stretch of the same width, moved as little as takes it to `step`. */
export function movedTo(steps: Steps, step: number): Steps {
  const by = step - Math.min(steps[1], Math.max(steps[0], step));
  return by === 0 ? steps : [steps[0] + by, steps[1] + by];
}
