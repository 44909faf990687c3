import type { FieldKey } from '../../model/experiment.ts';
import { fieldKeys, fieldOf } from '../../model/fields.ts';
import { rules, ruleOf } from '../../model/rules/index.ts';
import { EffectIcon, Setting } from '../controls/setting.tsx';
import { useLab, useLabState } from '../context.ts';
import controls from '../controls/controls.module.css';
import { useKeptFocus } from '../controls/keep-focus.ts';
import { NetworkField } from '../network/network-field.tsx';
import { queued } from '../store.ts';
import css from './settings.module.css';

/** Settings that belong to some rules only; the others never show them. */
const special: ReadonlySet<FieldKey> = new Set(rules.flatMap((rule) => rule.fields));
/** Settings that few visitors change. */
const advanced: ReadonlySet<FieldKey> = new Set([
  'augment',
  'earlyEpochs',
  'rateDrops',
  'rateFactor',
  'convMirrorRate',
  'mirrorBatch',
  'mirrorSteps',
  'alpha',
  'outputAlpha',
]);
/** Settings that have a place of their own in the page. */
const elsewhere: ReadonlySet<FieldKey> = new Set(['rule', 'layers']);

/** Whether there is anything to choose. */
function hasAlternatives(key: FieldKey): boolean {
  const field = fieldOf(key);
  return field.kind !== 'choice' || field.options.length > 1;
}

/** Every setting of the experiment, made from the table of fields. */
export function Settings() {
  const rule = useLabState((state) => state.experiment.rule);
  const shown = fieldKeys.filter(
    (key) => !elsewhere.has(key) && hasAlternatives(key) && (!special.has(key) || ruleOf(rule).fields.includes(key)),
  );
  return (
    <section className={css.settings} aria-label="Settings">
      <NetworkField />
      {shown
        .filter((key) => !advanced.has(key))
        .map((key) => (
          <Setting key={key} name={key} />
        ))}
      <details className={controls.more}>
        <summary>
          More settings
          <span className={css.legend} aria-hidden>
            <EffectIcon live /> live <EffectIcon live={false} /> on restart
          </span>
        </summary>
        {shown
          .filter((key) => advanced.has(key))
          .map((key) => (
            <Setting key={key} name={key} />
          ))}
      </details>
    </section>
  );
}

/** Settings that wait: they take effect when the user says so, and not before. */
export function RestartBar() {
  const waiting = useLabState((state) => (state.status.step > 0 ? queued(state.experiment, state.loaded) : []));
  // A new rule asks its own question.
  return waiting.length === 0 || waiting.includes('rule') ? null : <Waiting keys={waiting} />;
}

function Waiting({ keys }: { keys: readonly FieldKey[] }) {
  const lab = useLab();
  const box = useKeptFocus<HTMLDivElement>();
  const names = keys.map((key) => within(fieldOf(key).label));
  return (
    <div ref={box} className={css.restartBar} role="status">
      <p>
        <b>{sentenceCase(names)}</b> {names.length > 1 ? 'apply' : 'applies'} on restart.
      </p>
      <button type="button" className={controls.primary} onClick={() => void lab.restart('seed')}>
        Restart now
      </button>
      <button type="button" className={controls.button} onClick={lab.draft.discard}>
        Undo
      </button>
    </div>
  );
}

/** A label within a sentence. */
const within = (label: string): string => label.charAt(0).toLowerCase() + label.slice(1);

function sentenceCase(names: readonly string[]): string {
  const text = new Intl.ListFormat('en').format(names);
  return text.charAt(0).toUpperCase() + text.slice(1);
}
