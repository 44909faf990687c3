import { Dices, Pause, Play, RotateCcw, StepForward } from 'lucide-react';
import controls from '../controls/controls.module.css';
import { Tip } from '../controls/tip.tsx';
import { useLab, useLabState } from '../context.ts';
import { startOver } from '../start-over.ts';
import { isTraining } from '../store.ts';
import css from './header.module.css';

/** Train or pause, one batch, back to the start, another seed. */
export function Transport() {
  const lab = useLab();
  const training = useLabState(isTraining);
  const dead = useLabState((state) => state.status.phase === 'fault');
  // A run that diverged can start again; where no network is left there is nothing to go back to.
  const lost = useLabState((state) => state.loaded === null && state.status.phase === 'fault');
  return (
    <div className={css.transport} role="group" aria-label="Training">
      <Tip text={training ? 'Pause training' : 'Train the network'} keys="Space">
        <button
          type="button"
          className={`${controls.primary} ${css.train}`}
          disabled={dead}
          onClick={() => void lab.toggle()}
        >
          {training ? (
            <Pause size={16} fill="currentcolor" aria-hidden />
          ) : (
            <Play size={16} fill="currentcolor" aria-hidden />
          )}
          {training ? 'Pause' : 'Train'}
        </button>
      </Tip>
      <Tip text="Train on one batch" keys=".">
        {/* Not disabled while it trains, as it does for every step: the keyboard would lose its place. */}
        <button
          type="button"
          className={controls.button}
          disabled={dead}
          aria-disabled={training}
          onClick={() => void lab.step()}
        >
          <StepForward size={16} aria-hidden />
          Step
        </button>
      </Tip>
      <Tip text="Back to the start, with the settings on show" keys="R">
        <button type="button" className={controls.button} disabled={lost} onClick={() => startOver(lab, 'Reset')}>
          <RotateCcw size={15} aria-hidden />
          Reset
        </button>
      </Tip>
      <Tip text="Start again from the next seed" keys="N">
        <button type="button" className={controls.button} disabled={lost} onClick={() => startOver(lab, 'New seed')}>
          <Dices size={16} aria-hidden />
          New seed
        </button>
      </Tip>
    </div>
  );
}
