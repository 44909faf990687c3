import { keysChoice } from './choices.ts';
import type { Lab } from './lab.ts';
import { hasBegun } from './store.ts';

interface Shortcut {
  /** `KeyboardEvent.key`, lower case. */
  readonly key: string;
  readonly shown: string;
  readonly label: string;
  readonly act: (lab: Lab, showHelp: () => void) => void;
  /** Whether a run that has begun is lost by it: then it has to be pressed twice. */
  readonly loses?: boolean;
}

/** Milliseconds within which the second press counts. */
const secondPress = 4000;

/** The one table of keys. */
export const shortcuts: readonly Shortcut[] = [
  { key: ' ', shown: 'Space', label: 'Train or pause', act: (lab) => void lab.toggle() },
  { key: '.', shown: '.', label: 'Train on one batch', act: (lab) => void lab.step() },
  {
    key: 'r',
    shown: 'R',
    label: 'Reset: back to the start, with the settings on show',
    act: (lab) => void lab.reset(),
    loses: true,
  },
  { key: 'n', shown: 'N', label: 'Start again from the next seed', act: (lab) => void lab.newSeed(), loses: true },
  { key: '?', shown: '?', label: 'This list', act: (_, showHelp) => showHelp() },
];

/** Fields take every key; other controls take those that operate them. */
const takesKey = (target: EventTarget | null, key: string): boolean => {
  if (!(target instanceof Element)) return false;
  if (target.closest('input:not([type=range]), textarea, select, [contenteditable], dialog, [role=dialog]'))
    return true;
  return key === ' ' && target.closest('button, a, summary') !== null;
};

/** Listens for the keys of the table; returns the way to stop. */
export function listenForShortcuts(lab: Lab, showHelp: () => void): () => void {
  let asked: { readonly shortcut: Shortcut; readonly until: number; readonly takeBack: () => void } | null = null;
  const press = (event: KeyboardEvent): void => {
    // Who dictates, or holds a finger on a key, may not want them.
    if (keysChoice.value === 'off') return;
    if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || event.defaultPrevented) return;
    const shortcut = shortcuts.find(({ key }) => key === event.key.toLowerCase());
    if (!shortcut || takesKey(event.target, event.key)) return;
    event.preventDefault();
    const again = asked !== null && asked.shortcut === shortcut && performance.now() < asked.until;
    asked?.takeBack();
    asked = null;
    if (shortcut.loses === true && hasBegun(lab.store.getState()) && !again) {
      const takeBack = lab.notices.toast(`Press ${shortcut.shown} again: this run starts over.`);
      asked = { shortcut, until: performance.now() + secondPress, takeBack };
      return;
    }
    shortcut.act(lab, showHelp);
  };
  addEventListener('keydown', press);
  return () => removeEventListener('keydown', press);
}
