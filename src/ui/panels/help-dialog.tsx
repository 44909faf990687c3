import { useState } from 'react';
import { fieldKeys, fieldOf } from '../../model/fields.ts';
import { cortex } from '../../model/synapses.ts';
import { specs } from '../charts/specs.ts';
import { keysChoice } from '../choices.ts';
import { Dialog } from '../controls/dialog.tsx';
import { shortcuts } from '../shortcuts.ts';
import { synapsesTab } from '../synapses/synapses-chart.tsx';
import { wayBackTab } from '../way-back/way-back-chart.tsx';
import css from './panels.module.css';

/** How to begin, what the charts show, the keys, and a sentence on every setting. */
export function HelpDialog({ close }: { close: () => void }) {
  return (
    <Dialog title="Help" close={close}>
      <p className={css.prose}>
        A network learns to read digits while you watch how its error signal finds the way back. Nothing leaves this
        machine.
      </p>
      <p className={css.prose}>
        Press Train. Choose another rule, let it restart, and its curves come to lie over the pale ones of the run
        before; the last eight stay until you take them off. Or let it go on from the present weights: a mark shows
        where it took over.
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
            {wayBackTab.explanation} What is dashed is fixed; “derived” follows from other tensors at every step,
            “mirror” is W itself. The first stage is pale, as nobody hears what comes back to the images. The level hand
            of a dial is W, under DFA the product of the W up to the output; the other hand is the way back, turned by
            their angle and as long as their norm ratio; the dotted one is where theory says that it ends up.
          </dd>
        </div>
        <div>
          <dt>{synapsesTab.title}</dt>
          <dd>
            {synapsesTab.explanation} R is the correlation of the two, the angle the one between them as vectors: a
            mirror has R 1 and 0°, weights that know nothing of each other 0 and 90°. “cortex” is what is measured there
            between pairs of neurons: R ≈ {cortex.correlation} and {cortex.angle}°.
          </dd>
        </div>
        <div>
          <dt>Bands and dashed lines</dt>
          <dd>
            A band is the range of the batches or, of several seeds, one standard deviation around their mean. “random”
            is the angle of two directions that know nothing of each other; “limit” is where theory says that the way
            back ends up.
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
          <dd>Move the cursor of a chart that has the focus; with Shift, farther</dd>
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
      <input type="checkbox" checked={on} onChange={turn} /> Single keys act on the lab
    </label>
  );
}
