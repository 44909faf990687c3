import type { Dispatch } from './kernel.ts';
import { behind, beside, launch, type Launch, type Room } from './launch.ts';
import type { Tensor } from './tensor.ts';

/** Where a dispatch is. Launches of one level do not depend on each other; each level waits for all levels before it. */
interface Place {
  readonly level: number;
  readonly launch: number;
}

/**
 * Puts recorded dispatches into as few launches as their dependences and the adapter allow, in the order in which a GPU
 * waits least. Each dispatch goes to the earliest level at which its inputs are ready, into an existing launch if possible.
 * Those that nothing waits for, such as the update of a weight, are placed last, and may go to a later level than they could.
 */
export function arrange(dispatches: readonly Dispatch[], room: Room): Launch[] {
  const levels: Launch[][] = [];
  const places = new Map<Dispatch, Place>();
  const needs = dependences(dispatches);

  const put = (dispatch: Dispatch, level: number, at: number, joined: Launch): true => {
    levels[level] ??= [];
    levels[level][at] = joined;
    places.set(dispatch, { level, launch: at });
    return true;
  };

  const makersOf = (dispatch: Dispatch): Dispatch[] => [...(needs.get(dispatch) ?? [])];
  /** The highest level among the dispatches that this one has to wait for. */
  const waitOf = (dispatch: Dispatch): number =>
    Math.max(-1, ...makersOf(dispatch).map((maker) => places.get(maker)?.level ?? -1));

  /** Appends it to the launch of the dispatches that it would otherwise wait for, if one launch has them all. */
  const goesBehind = (dispatch: Dispatch, level: number): boolean => {
    const makers = makersOf(dispatch).filter((maker) => places.get(maker)?.level === level);
    const at = places.get(makers[0])?.launch;
    if (at === undefined || makers.some((maker) => places.get(maker)?.launch !== at)) return false;
    const joined = behind(levels[level][at], new Set(makers), dispatch, room);
    return joined !== null && put(dispatch, level, at, joined);
  };

  const goesBeside = (dispatch: Dispatch, alone: Launch, earliest: number, latest: number): boolean => {
    for (let level = earliest; level <= Math.min(latest, levels.length - 1); level++)
      for (const [at, present] of levels[level].entries()) {
        const joined = beside(present, alone, room);
        if (joined) return put(dispatch, level, at, joined);
      }
    return false;
  };

  const place = (dispatch: Dispatch, latest: (earliest: number) => number): void => {
    const earliest = waitOf(dispatch) + 1;
    if (goesBehind(dispatch, earliest - 1)) return;
    const alone = launch(dispatch, room);
    if (goesBeside(dispatch, alone, earliest, latest(earliest))) return;
    put(dispatch, earliest, levels[earliest]?.length ?? 0, alone);
  };

  const needed = new Set(dispatches.flatMap(makersOf));
  for (const dispatch of dispatches) if (needed.has(dispatch)) place(dispatch, (earliest) => earliest);
  // First those that have the fewest places to go to.
  const last = dispatches.filter((dispatch) => !needed.has(dispatch)).toSorted((a, b) => waitOf(b) - waitOf(a));
  for (const dispatch of last) place(dispatch, () => Infinity);
  return levels.flat();
}

/** For each dispatch, the earlier ones it has to wait for: it reads what they write, or writes what they read or write. */
function dependences(dispatches: readonly Dispatch[]): Map<Dispatch, ReadonlySet<Dispatch>> {
  const touched = new Map<Tensor, { writer: Dispatch | null; readers: Dispatch[] }>();
  const needs = new Map<Dispatch, ReadonlySet<Dispatch>>();
  for (const dispatch of dispatches) {
    const makers = new Set<Dispatch>();
    const uses = Object.entries(dispatch.kernel.bindings);
    for (const [name, access] of uses) {
      const before = touched.get(dispatch.tensors[name]);
      if (before?.writer) makers.add(before.writer);
      if (access === 'write') for (const reader of before?.readers ?? []) makers.add(reader);
    }
    for (const [name, access] of uses.toSorted(([, a], [, b]) => a.localeCompare(b))) {
      const tensor = dispatch.tensors[name];
      const before = touched.get(tensor) ?? { writer: null, readers: [] };
      // Reads are noted first, so that a tensor which is read and written ends up as written.
      if (access === 'write') touched.set(tensor, { writer: dispatch, readers: [] });
      else touched.set(tensor, { ...before, readers: [...before.readers, dispatch] });
    }
    needs.set(dispatch, makers);
  }
  return needs;
}
