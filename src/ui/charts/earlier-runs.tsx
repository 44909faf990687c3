import { X } from 'lucide-react';
import type { CSSProperties, MouseEvent } from 'react';
import { useLab, useLabState } from '../context.ts';
import { Tip } from '../controls/tip.tsx';
import { nameOf, tellEarlier, titleOf, type EarlierRun } from './earlier.ts';
import css from './earlier-runs.module.css';
import { usePalette } from './use-palette.ts';

/** The runs that the present one is compared with: which are on the charts, and the way to give them up. */
export function EarlierRuns() {
  const lab = useLab();
  const earlier = useLabState((state) => state.earlier);
  const present = useLabState((state) => state.loaded ?? state.experiment);
  const palette = usePalette();
  if (earlier.length === 0) return null;
  const forget = (runs: readonly EarlierRun[], told: string): void => {
    const undo = lab.run.forget(runs);
    const toast = lab.notices.toasts.add({
      description: `Removed ${told}`,
      // Long enough to be found with the keyboard.
      timeout: 10_000,
      actionProps: {
        children: 'Undo',
        onClick() {
          undo();
          lab.notices.toasts.close(toast);
        },
      },
    });
  };
  return (
    <div className={css.earlier} role="group" aria-label="Earlier runs">
      <Tip
        text="Runs before this one, of earlier visits too: the last eight stay in this browser until you remove them."
        tap
      >
        <span className={css.title}>Compared with</span>
      </Tip>
      <ul className={css.runs}>
        {earlier.map((run) => (
          // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- its buttons have the focus
          <li
            key={run.number}
            className={css.run}
            onPointerEnter={() => lab.store.setState({ pointed: run.number })}
            onPointerLeave={() => lab.store.setState({ pointed: null })}
            onFocus={() => lab.store.setState({ pointed: run.number })}
            onBlur={() => lab.store.setState({ pointed: null })}
          >
            <button
              type="button"
              className={css.name}
              style={{ '--swatch': palette.rule(lastRule(run), run.shade) } as CSSProperties}
              aria-pressed={run.shown}
              aria-label={`#${run.number} ${tellEarlier(run, present)}`}
              title={`${tellEarlier(run, present)}. A click ${run.shown ? 'hides it' : 'shows it again'}.`}
              onClick={() => lab.run.toggle(run.number)}
            >
              <span>{titleOf(run, present)}</span>
            </button>
            <button
              type="button"
              className={css.remove}
              aria-label={`Remove ${nameOf(run)}`}
              onClick={(event) => {
                passFocusOn(event);
                forget([run], titleOf(run, present));
              }}
            >
              <X size={13} aria-hidden />
            </button>
          </li>
        ))}
      </ul>
      {earlier.length > 1 && (
        <button
          type="button"
          className={css.all}
          onClick={(event) => {
            passFocusOn(event);
            forget(earlier, `${earlier.length} earlier runs`);
          }}
        >
          Clear all
        </button>
      )}
    </div>
  );
}

const lastRule = ({ segments }: EarlierRun): string => segments.at(-1)?.rule ?? '';

/** The button goes: the keyboard goes on to the next run's, or stays with the charts. */
function passFocusOn({ currentTarget: button, detail }: MouseEvent<HTMLButtonElement>): void {
  const run = button.closest('li');
  const next = run?.nextElementSibling ?? run?.previousElementSibling;
  // A mouse is to go on to point at what it is over.
  const heir = detail === 0 ? next?.querySelector<HTMLElement>('button:last-child') : null;
  (heir ?? button.closest('section'))?.focus();
}
