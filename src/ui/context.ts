import { createContext, useContext } from 'react';
import { useStore } from 'zustand';
import { useShallow } from 'zustand/react/shallow';
import type { Redraw } from './charts/redraw.ts';
import type { Lab } from './lab.ts';
import type { LabState } from './store.ts';

/** What main.tsx composes and every part of the page may use. */
export interface Page {
  readonly lab: Lab;
  readonly redraw: Redraw;
}

export const PageContext = createContext<Page | null>(null);

export function usePage(): Page {
  const page = useContext(PageContext);
  if (page === null) throw new Error('This part of the page needs a PageContext above it.');
  return page;
}

export const useLab = (): Lab => usePage().lab;

/** A part of the state; the component renders again when that part changes (compared entry by entry). */
export const useLabState = <Part>(select: (state: LabState) => Part): Part =>
  useStore(useLab().store, useShallow(select));
