import { X } from 'lucide-react';
import type { CSSProperties, MouseEvent } from 'react';
import { useLab, useLabState } from '../context.ts';
import css from './chart.module.css';
import { describeEarlier, tellEarlier, type EarlierRun } from './earlier.ts';
import { ruleToken } from './palette.ts';

/** The runs whose pale curves lie behind the present one's, and the ways to take them off. */
export function EarlierRuns() {
  const lab = useLab();
  const earlier = useLabState((state) => state.earlier);
  const present = useLabState((state) => state.loaded ?? state.experiment);
  if (earlier.length === 0) return null;
  const forget = (number?: number) => (event: MouseEvent<HTMLButtonElement>) => {
    // The button goes; the keyboard stays with the charts.
    if (event.detail === 0) event.currentTarget.closest('section')?.focus();
    lab.run.forget(number);
  };
  return (
    <div className={css.earlier} role="group" aria-label="Earlier runs">
      <span className={css.earlierTitle}>Before</span>
      {earlier.map((run) => (
        <button
          key={run.number}
          type="button"
          className={css.earlierRun}
          style={{ '--chip': `var(${ruleToken(lastRule(run))})` } as CSSProperties}
          aria-label={`Take run ${run.number}, ${tellEarlier(run, present)}, off the charts`}
          title={`${tellEarlier(run, present)}. A click takes it off the charts.`}
          onClick={forget(run.number)}
          onPointerEnter={() => lab.store.setState({ pointed: run.number })}
          onPointerLeave={() => lab.store.setState({ pointed: null })}
          onFocus={() => lab.store.setState({ pointed: run.number })}
          onBlur={() => lab.store.setState({ pointed: null })}
        >
          <span>
            #{run.number} {describeEarlier(run, present)}
          </span>
          <X size={13} aria-hidden />
        </button>
      ))}
      {earlier.length > 1 && (
        <button type="button" className={css.earlierAll} onClick={forget()}>
          Clear all
        </button>
      )}
    </div>
  );
}

const lastRule = ({ segments }: EarlierRun): string => segments.at(-1)?.rule ?? '';
