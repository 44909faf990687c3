import { useSyncExternalStore } from 'react';

/** The width up to which panel and charts are stacked; the style sheets say the same. */
const narrow = matchMedia('(max-width: 1000px)');

const subscribe = (changed: () => void): (() => void) => {
  narrow.addEventListener('change', changed);
  return () => narrow.removeEventListener('change', changed);
};

/** Whether panel and charts are stacked. */
export const useNarrow = (): boolean => useSyncExternalStore(subscribe, () => narrow.matches);
