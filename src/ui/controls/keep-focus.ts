import { useLayoutEffect, useRef, type RefObject } from 'react';

/**
 * For what goes away when its button is pressed: when it goes while the keyboard is in it, the keyboard stays where it was, on
 * the element around it, which can take the focus (tabIndex -1).
 */
export function useKeptFocus<Element extends HTMLElement>(): RefObject<Element | null> {
  const box = useRef<Element>(null);
  useLayoutEffect(() => {
    const element = box.current;
    return () => {
      if (element?.contains(document.activeElement)) element.parentElement?.focus();
    };
  }, []);
  return box;
}

/** Whether a window that closes gives the focus back to what opened it: not to the mouse, so that Space goes on to train. */
export const focusAfter = (closedBy: string): boolean => closedBy !== 'mouse' && closedBy !== 'touch';
