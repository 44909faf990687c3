import type { Lab } from './lab.ts';
import { wouldLose } from './leaving.ts';

/** What leaves the present weights behind, as its button calls it. */
export type StartingOver = 'Reset' | 'New seed';

/** Milliseconds within which the second press counts. */
const secondPress = 4000;

/** The question that waits for its second press, from a button or a key. */
let asked: {
  readonly lab: Lab;
  readonly what: StartingOver;
  readonly until: number;
} | null = null;

/** Starts over; where that would lose as much as closing the page asks about, only at the second press. */
export function startOver(lab: Lab, what: StartingOver): void {
  const again = asked?.lab === lab && asked.what === what && performance.now() < asked.until;
  asked = null;
  // What was told of the run so far is over, too.
  lab.notices.toasts.close();
  if (!again && wouldLose(lab.store.getState())) {
    lab.notices.toast(`Press ${what} again: the weights of this run are lost; its curves stay.`);
    asked = { lab, what, until: performance.now() + secondPress };
  } else void (what === 'Reset' ? lab.reset() : lab.newSeed());
}
