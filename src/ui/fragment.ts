import { parseFragment, printFragment, type Restored } from '../model/codec.ts';
import type { LabStore } from './store.ts';

/** Safari refuses more than 100 writes of the address in 30 seconds. */
const interval = 400;

/**
 * Keeps the address and the experiment the same: writes the settings into the fragment, at most once per `interval` ms, and
 * calls `adopt` when the user edits it or goes back to another one. Returns the way to stop.
 */
export function syncFragment(store: LabStore, adopt: (restored: Restored) => void): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const write = (): void => {
    timer = undefined;
    const fragment = `#${printFragment(store.getState().experiment)}`;
    if (location.hash !== fragment) history.replaceState(history.state, '', fragment);
  };
  const unsubscribe = store.subscribe((state, before) => {
    if (state.experiment !== before.experiment) timer ??= setTimeout(write, interval);
  });
  const read = (): void => {
    adopt(parseFragment(location.hash));
    // What could not be read leaves the address as well.
    timer ??= setTimeout(write, interval);
  };
  addEventListener('hashchange', read);
  timer = setTimeout(write, interval);
  return () => {
    clearTimeout(timer);
    unsubscribe();
    removeEventListener('hashchange', read);
  };
}

/** The address that opens this very experiment. */
export const linkTo = (store: LabStore): string => {
  const url = new URL(location.href);
  url.hash = printFragment(store.getState().experiment);
  return url.href;
};
