import { createContext, useContext } from 'react';
import { useStore } from 'zustand';
import { useShallow } from 'zustand/react/shallow';
import type { Redraw } from './charts/redraw.ts';
import type { Lab } from './lab.ts';
import type { LabState } from './store.ts';

/** What main.tsx composes and every part of the page may use. */
export interface Bench {
  readonly lab: Lab;
  readonly redraw: Redraw;
}

export const BenchContext = createContext<Bench | null>(null);

export function useBench(): Bench {
  const bench = useContext(BenchContext);
  if (bench === null) throw new Error('This part of the page needs a BenchContext above it.');
  return bench;
}

export const useLab = (): Lab => useBench().lab;

/** A part of the state; the component renders again when that part changes (compared entry by entry). */
export const useLabState = <Part>(select: (state: LabState) => Part): Part =>
  useStore(useLab().store, useShallow(select));
