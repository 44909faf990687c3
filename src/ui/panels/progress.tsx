import { useLab, useLabState } from '../context.ts';
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
  // As fresh as the status, which comes with it.
  const { history } = useLab().run;
  const accuracy = history.latest('testAccuracy', 0);
  const { activity, step, totalSteps, stepsPerEpoch, phase } = status;
  const behind = step - history.lastTest > stale * step;
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
            {!Number.isNaN(accuracy) && (
              <span className={css.accuracy}>
                {' '}
                test <b>{(100 * accuracy).toFixed(1)} %</b>
                {behind && <span className={css.faint}> at {compact(history.lastTest)}</span>}
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
