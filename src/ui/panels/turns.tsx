import { ListOrdered } from 'lucide-react';
import { useId, useState } from 'react';
import { parseField, printField } from '../../model/codec.ts';
import { fields } from '../../model/fields.ts';
import { rules, ruleOf } from '../../model/rules/index.ts';
import controls from '../controls/controls.module.css';
import { TextInput } from '../controls/text-input.tsx';
import { nudge } from '../controls/travel.ts';
import { useLab, useLabState } from '../context.ts';
import { wouldLose } from '../leaving.ts';
import { Banner } from './banner.tsx';
import css from './banners.module.css';
import { RuleChips } from './rule-chips.tsx';
import turns from './turns.module.css';

/** Those that the paper compares on MNIST. */
const usual: ReadonlySet<string> = new Set(['bp', 'fa', 'dfa', 'usf', 'kp', 'pfa', 'pfao']);

/** So many curves have room: the earlier runs' and the present one's. */
const most = 9;

const namesOf = (ids: readonly string[]): string => ids.map((id) => ruleOf(id).name).join(', ');

/** Which rules are to train one after the other, and for how long. */
export function TurnChoice({ begun }: { begun: () => void }) {
  const lab = useLab();
  const [chosen, setChosen] = useState<ReadonlySet<string>>(usual);
  const [epochs, setEpochs] = useState(useLabState((state) => state.experiment.epochs));
  const epochsField = useId();
  const seed = useLabState((state) => state.experiment.seed);
  const loses = useLabState(wouldLose);
  const ids = rules.map(({ id }) => id).filter((id) => chosen.has(id));
  const toggle = (id: string): void =>
    setChosen(new Set(chosen.has(id) ? ids.filter((other) => other !== id) : [...ids, id]));
  const begin = (): void => {
    begun();
    void lab.turns.begin(ids, epochs);
  };
  return (
    <section className={turns.choice} aria-label="Train in turn">
      <h3 className={turns.heading}>See them train</h3>
      <p className={turns.words}>
        One after the other on the same network, images and seed ({seed}), each with what is recommended for it. Their
        curves stay side by side.
      </p>
      <RuleChips label="Rules that train" isChosen={(id) => chosen.has(id)} choose={toggle} />
      <div className={turns.start}>
        <div className={turns.epochs}>
          <label htmlFor={epochsField}>Epochs each</label>
          <TextInput
            id={epochsField}
            description={fields.epochs.help}
            value={printField('epochs', epochs)}
            parse={(text) => Number(parseField('epochs', text))}
            commit={setEpochs}
            nudge={(from, direction) => nudge(fields.epochs, from, direction)}
          />
        </div>
        <button type="button" className={controls.primary} disabled={ids.length === 0} onClick={begin}>
          Train {ids.length === 1 ? namesOf(ids) : `${ids.length} rules in turn`}
        </button>
      </div>
      {ids.length > most && (
        <p className={turns.words}>
          {most} runs have room on the charts: the first {ids.length - most} will make way for the last.
        </p>
      )}
      {loses && <p className={turns.words}>The weights of the present run will be lost; its curves stay.</p>}
    </section>
  );
}

/** Who trains, and who comes next. */
export function InTurn() {
  const lab = useLab();
  const taking = useLabState((state) => state.turns);
  if (taking === null) return null;
  const { rules: ids, at } = taking;
  const rest = ids.slice(at + 1);
  const name = namesOf(ids.slice(at, at + 1));
  return (
    <Banner className={`${css.notice} ${css.introduction}`} role="status">
      <ListOrdered size={16} aria-hidden />
      <p>
        <b>{name}</b> trains, {at + 1} of {ids.length} in turn.{rest.length > 0 && ` Then ${namesOf(rest)}.`}
      </p>
      <div className={css.way}>
        {/* One button until the end: the keyboard keeps its place. */}
        <button type="button" className={controls.button} onClick={() => void lab.turns.next()}>
          {rest.length > 0 ? `Next: ${namesOf(rest.slice(0, 1))}` : 'Close'}
        </button>
        {rest.length > 0 && (
          <button type="button" className={controls.button} onClick={lab.turns.end}>
            Stay with {name}
          </button>
        )}
      </div>
    </Banner>
  );
}
