import { useLabState } from '../context.ts';
import { compact, duration, grouped } from '../format.ts';
import { epochAt } from './epoch.ts';
import css from './header.module.css';

/** A test so far behind, as a share of the run so far, says when it was. */
const stale = 0.1;

/** How far the run is, how fast it goes, and how long it will take. */
export function Progress() {
  const status = useLabState((state) => state.status);
  // What pauses for a moment, to move or to restart, is not paused.
  const starting = useLabState((state) => state.starting);
  const epochs = useLabState((state) => (state.loaded ?? state.experiment).epochs);
  const tested = useLabState((state) => state.tested);
  const { activity, step, totalSteps, stepsPerEpoch, phase } = status;
  const share = activity === null ? (totalSteps > 0 ? Math.min(1, step / totalSteps) : 0) : activity.share;
  const epoch = epochAt(step, stepsPerEpoch, epochs);
  // It can have been more than it is now to be.
  const beyond = epoch > epochs;
  const inEpoch = stepsPerEpoch > 0 ? (step % stepsPerEpoch) / stepsPerEpoch : 0;
  const name = activity === null ? `epoch ${epoch}${beyond ? '' : ` of ${epochs}`}` : activity.text;
  return (
    <div className={css.progress}>
      <div className={css.progressText}>
        {activity === null ? (
          <span>
            epoch <b>{epoch}</b>
            {!beyond && <span className={css.faint}>/{epochs}</span>}
            <span className={css.steps}> step {grouped(step)}</span>
            {tested !== null && (
              <span className={css.accuracy}>
                {' '}
                test <b>{(100 * tested.accuracy).toFixed(1)} %</b>
                {step - tested.step > stale * step && <span className={css.faint}> at {compact(tested.step)}</span>}
              </span>
            )}
          </span>
        ) : (
          <span className={css.activity}>{activity.text}…</span>
        )}
        <span className={css.rates}>
          {status.imagesPerSecond > 0 && phase === 'running' && (
            <>
              <span>{compact(status.imagesPerSecond)} img/s</span>
              <span className={css.stepRate}>{compact(status.stepsPerSecond)} steps/s</span>
            </>
          )}
          {status.eta !== null && phase === 'running' && <span>{duration(status.eta)} left</span>}
          {status.imagesPerSecond === 0 && phase === 'running' && <span>measuring the speed</span>}
          {phase === 'finished' && <span>finished</span>}
          {phase === 'paused' && !starting && <span>paused</span>}
        </span>
      </div>
      <div
        className={css.bar}
        role="progressbar"
        aria-label="Progress of the run"
        aria-valuetext={name}
        aria-valuenow={share === null ? undefined : Math.round(100 * share)}
      >
        <div
          className={share === null ? css.unknown : css.done}
          style={{ width: share === null ? '100%' : `${100 * share}%` }}
        />
      </div>
      {activity === null && (
        <div className={css.epochBar} aria-hidden>
          <div className={css.done} style={{ width: `${100 * inEpoch}%` }} />
        </div>
      )}
    </div>
  );
}
