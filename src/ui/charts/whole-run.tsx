import type { MouseEvent } from 'react';
import { useLab, useLabState } from '../context.ts';
import { grouped } from '../format.ts';
import type { Lab } from '../lab.ts';
import css from './chart.module.css';
import type { Steps } from './steps.ts';

/** Shows a stretch of the run in all charts, or the whole. */
export function show(lab: Lab, steps: Steps | null): void {
  const { view } = lab.store.getState();
  if (view.steps === null && steps === null) return;
  lab.store.setState({ view: { ...view, steps } });
  lab.notices.announce(steps === null ? 'The whole run' : `Steps ${steps.map(grouped).join(' to ')}`);
}

/** The way back from a stretch of the run. */
export function WholeRunButton() {
  const lab = useLab();
  const isWhole = useLabState((state) => state.view.steps === null);
  if (isWhole) return null;
  const leave = ({ currentTarget: button, detail }: MouseEvent): void => {
    // The button goes: the keyboard stays with its chart.
    if (detail === 0) button.closest('figure')?.focus();
    show(lab, null);
  };
  return (
    <button type="button" className={css.whole} onClick={leave}>
      Whole run
    </button>
  );
}
