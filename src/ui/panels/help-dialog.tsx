import { useState } from 'react';
import { fieldKeys, fieldOf } from '../../model/fields.ts';
import { cortex } from '../../model/synapses.ts';
import { specs } from '../charts/specs.ts';
import { keysChoice } from '../choices.ts';
import { Dialog } from '../controls/dialog.tsx';
import { shortcuts } from '../shortcuts.ts';
import { answersTab } from '../answers/answers-chart.tsx';
import { synapsesTab } from '../synapses/synapses-chart.tsx';
import { wayBackTab } from '../way-back/way-back-chart.tsx';
import css from './dialogs.module.css';

/** How to begin, what the charts show, the keys, and a sentence on every setting. */
export function HelpDialog({ close }: { close: () => void }) {
  return (
    <Dialog title="Help" close={close}>
      <p className={css.prose}>
        This page trains a neural network and shows how the error gets back through it. Everything is computed on this
        device; nothing leaves it.
      </p>
      <p className={css.prose}>
        Press Train. To compare two rules, choose another one and restart: its curves are drawn over the thinner ones of
        the runs before; or have several train in turn, under “Compare rules”. The last eight of these runs stay, on
        later visits too, until you remove them; Files opens others, from exported numbers or a terminal’s run. Or let
        the new rule go on from the present weights: a mark shows where it took over.
      </p>
      <h3 className={css.helpHeading}>Charts</h3>
      <dl className={css.facts}>
        {Object.values(specs).map(({ title, explanation }) => (
          <div key={title}>
            <dt>{title}</dt>
            <dd>{explanation}</dd>
          </div>
        ))}
        <div>
          <dt>{wayBackTab.title}</dt>
          <dd>
            {wayBackTab.explanation} What is dashed is fixed; “derived” follows from other tensors at every step;
            “mirror” is W itself. The first stage is pale, as nothing in front of it learns from the error. On every
            dial the level hand is W (under DFA, the product of the W from there to the output). The other hand is the
            way back: turned by the angle between the two, and as long as their norm ratio. The dotted hand is where
            theory says that it ends up.
          </dd>
        </div>
        <div>
          <dt>{answersTab.title}</dt>
          <dd>
            {answersTab.explanation} Wrong ones are marked with what they are; the line below an image is as long as the
            network is sure.
          </dd>
        </div>
        <div>
          <dt>{synapsesTab.title}</dt>
          <dd>
            {synapsesTab.explanation} R is their correlation, and the angle is the one between them as vectors: a mirror
            has R = 1 and 0°, unrelated weights have R = 0 and 90°. “cortex” is what was measured between pairs of
            neurons in the brain: R ≈ {cortex.correlation} and {cortex.angle}°.
          </dd>
        </div>
        <div>
          <dt>Bands and dashed lines</dt>
          <dd>
            A band is the range of the batches or, with several seeds, one standard deviation around their mean.
            “random” is the angle between two unrelated directions; “limit” is where theory says that the way back of a
            large layer ends up; small ones come to lie around it.
          </dd>
        </div>
        <div>
          <dt>A stretch of the run</dt>
          <dd>
            Drag over it with the mouse: all charts show it alone, and go on showing it while the run goes on. A double
            click, Escape or “Whole run” leads back. A double click on a chart that shows the whole run enlarges it.
          </dd>
        </div>
      </dl>
      <h3 className={css.helpHeading}>Keys</h3>
      <dl className={css.keys}>
        {shortcuts.map(({ shown, label }) => (
          <div key={shown}>
            <dt>
              <kbd>{shown}</kbd>
            </dt>
            <dd>{label}</dd>
          </div>
        ))}
        <div>
          <dt>
            <kbd>←</kbd> <kbd>→</kbd>
          </dt>
          <dd>Move the cursor of the chart that has the focus; with Shift, farther</dd>
        </div>
        <div>
          <dt>
            <kbd>+</kbd> <kbd>−</kbd>
          </dt>
          <dd>Show half as many steps around it, or twice as many; Escape shows the whole run</dd>
        </div>
      </dl>
      <KeysSwitch />
      <h3 className={css.helpHeading}>Settings</h3>
      <dl className={css.facts}>
        {fieldKeys.map((key) => {
          const { label, help, effect } = fieldOf(key);
          return (
            <div key={key}>
              <dt>{label}</dt>
              <dd>
                {help}{' '}
                <span className={css.effectNote}>{effect === 'live' ? 'Live.' : 'Takes effect on a restart.'}</span>
              </dd>
            </div>
          );
        })}
      </dl>
    </Dialog>
  );
}

/** Single keys are in the way of who dictates to the computer. */
function KeysSwitch() {
  const [on, setOn] = useState(keysChoice.value !== 'off');
  const turn = (): void => {
    keysChoice.value = on ? 'off' : 'on';
    setOn(!on);
  };
  return (
    <label className={css.check}>
      <input type="checkbox" checked={on} onChange={turn} /> Use these keys
    </label>
  );
}
