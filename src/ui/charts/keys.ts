import type { KeyboardEvent } from 'react';
import type { ChartModel } from './model.ts';
import { movedTo, widened, type Steps } from './steps.ts';

/** Where one looks: the step under the cursor, and what is shown of the run. */
export interface Look {
  readonly cursor: number | null;
  readonly steps: Steps | null;
}

type Key = Pick<KeyboardEvent, 'key' | 'shiftKey' | 'ctrlKey' | 'metaKey' | 'altKey'>;

/** How much wider a key makes what is shown. */
const factors: Readonly<Record<string, number>> = { '+': 1 / 2, '=': 1 / 2, '-': 2 };

/** Where one looks after a key; undefined for keys that are not the chart's. */
export function lookAfter(model: ChartModel, { cursor, steps }: Look, key: Key): Look | undefined {
  if (key.ctrlKey || key.metaKey || key.altKey) return undefined;
  // While a stretch is shown Escape leads back to the whole, from wherever it is pressed.
  if (key.key === 'Escape') return cursor === null || steps !== null ? undefined : { cursor: null, steps };
  const data = model.lines.find((line) => line.run === null && line.data.length > 0)?.data;
  if (!data) return undefined;
  const { x } = data.samples;
  const last = data.length - 1;
  const factor = factors[key.key];
  if (factor !== undefined) return { cursor, steps: widened(model.steps, factor, cursor ?? x[last], model.whole) };
  const at = cursor === null ? last : data.nearest(cursor);
  const stride = key.shiftKey ? Math.max(1, Math.round(last / 20)) : 1;
  const to = { ArrowLeft: at - stride, ArrowRight: at + stride, Home: 0, End: last }[key.key];
  if (to === undefined) return undefined;
  const step = x[Math.min(last, Math.max(0, to))];
  return { cursor: step, steps: steps && movedTo(steps, step) };
}
