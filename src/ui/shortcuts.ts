import { keysChoice } from './choices.ts';
import type { Lab } from './lab.ts';
import { startOver } from './start-over.ts';

interface Shortcut {
  /** `KeyboardEvent.key`, lower case. */
  readonly key: string;
  readonly shown: string;
  readonly label: string;
  readonly act: (lab: Lab, showHelp: () => void) => void;
}

/** The one table of keys. */
export const shortcuts: readonly Shortcut[] = [
  { key: ' ', shown: 'Space', label: 'Train or pause', act: (lab) => void lab.toggle() },
  { key: '.', shown: '.', label: 'Train on one batch', act: (lab) => void lab.step() },
  {
    key: 'r',
    shown: 'R',
    label: 'Reset: back to the start, with the settings on show',
    act: (lab) => startOver(lab, 'Reset'),
  },
  { key: 'n', shown: 'N', label: 'Start again from the next seed', act: (lab) => startOver(lab, 'New seed') },
  { key: '?', shown: '?', label: 'This list', act: (_, showHelp) => showHelp() },
];

/** What Space presses while it has the focus. */
const pressable = 'button, a, summary';

/** Fields take every key; other controls take those that operate them. */
const takesKey = (target: EventTarget | null, key: string): boolean => {
  if (!(target instanceof Element)) return false;
  if (target.closest('input:not([type=range]), textarea, select, [contenteditable], dialog, [role=dialog]'))
    return true;
  return key === ' ' && target.closest(pressable) !== null;
};

/** What was clicked gives the focus back, so that Space goes on to train; windows and menus need it, and so does the keyboard. */
function release(event: MouseEvent): void {
  const { activeElement: pressed } = document;
  // A key's click has no detail. The path, as what was clicked may be drawn anew by now.
  if (event.detail === 0 || !(pressed instanceof HTMLElement) || !event.composedPath().includes(pressed)) return;
  if (pressed.matches(pressable) && pressed.closest('[role=dialog], [role=menu]') === null) pressed.blur();
}

/** Listens for the keys of the table; returns the way to stop. */
export function listenForShortcuts(lab: Lab, showHelp: () => void): () => void {
  const press = (event: KeyboardEvent): void => {
    // Who dictates, or holds a finger on a key, may not want them.
    if (keysChoice.value === 'off') return;
    if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || event.defaultPrevented) return;
    const shortcut = shortcuts.find(({ key }) => key === event.key.toLowerCase());
    if (!shortcut || takesKey(event.target, event.key)) return;
    event.preventDefault();
    shortcut.act(lab, showHelp);
  };
  addEventListener('keydown', press);
  addEventListener('click', release);
  return () => {
    removeEventListener('keydown', press);
    removeEventListener('click', release);
  };
}
