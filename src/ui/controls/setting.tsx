import { Slider } from '@base-ui/react/slider';
import { RotateCcw, Zap } from 'lucide-react';
import { useId } from 'react';
import { parseField, printField } from '../../model/codec.ts';
import type { Experiment, FieldKey } from '../../model/experiment.ts';
import { fieldOf, type ChoiceField, type NumberField } from '../../model/fields.ts';
import { useLab, useLabState } from '../context.ts';
import { setting } from '../format.ts';
import { sameField } from '../store.ts';
import css from './controls.module.css';
import { TextInput } from './text-input.tsx';
import { Tip } from './tip.tsx';
import { nudge, positionOf, strideOf, travel, valueAt } from './travel.ts';

/** Beyond so many values a slider only gets in the way of typing. */
const slidable = 1e6;

/** One setting of the experiment's table: its name with help, what a change does, and the control that fits its kind. */
export function Setting({ name }: { name: FieldKey }) {
  const lab = useLab();
  const id = useId();
  const field = fieldOf(name);
  const value = useLabState((state) => state.experiment[name]);
  // A live setting is in force at once, but for those that come with a rule that waits.
  const waits = useLabState(
    ({ experiment, loaded }) =>
      loaded !== null &&
      !sameField(name, experiment, loaded) &&
      (field.effect === 'restart' || experiment.rule !== loaded.rule),
  );
  const commit = (next: Experiment[FieldKey]): void => lab.draft.edit(name, next);
  const numeric = field.kind === 'number' || field.kind === 'integer' ? field : null;
  const text = (
    <TextInput
      id={id}
      description={field.help}
      value={printField(name, value)}
      parse={(typed) => parseField(name, typed)}
      commit={commit}
      nudge={numeric === null ? undefined : (from, direction) => nudge(numeric, from as number, direction)}
    />
  );
  return (
    <div className={css.field}>
      <SettingLabel name={name} field={id} waits={waits} />
      {field.kind === 'choice' && <Choice id={id} field={field} value={value as string} commit={commit} />}
      {field.kind === 'list' && <div className={css.wide}>{text}</div>}
      {numeric !== null && (
        <>
          {numeric.max - numeric.min < slidable ? (
            <SettingSlider field={numeric} value={value as number} commit={commit} />
          ) : (
            <span />
          )}
          {text}
        </>
      )}
    </div>
  );
}

interface ChoiceProps {
  readonly id: string;
  readonly field: ChoiceField;
  readonly value: string;
  readonly commit: (value: string) => void;
}

function Choice({ id, field, value, commit }: ChoiceProps) {
  const there = useLabState((state) => (field.needsFiles === true ? state.datasets : null));
  const isMissing = (option: string): boolean => there !== null && !there.includes(option);
  return (
    <select
      id={id}
      className={`${css.text} ${css.wide}`}
      value={value}
      onChange={(event) => commit(event.target.value)}
    >
      {field.options.map((option) => (
        <option key={option.value} value={option.value}>
          {isMissing(option.value) ? `${option.label} (files needed)` : option.label}
        </option>
      ))}
    </select>
  );
}

/** A setting's name, and in the hint its help; a live one says so, one that waits for a restart bears the arrow. */
export function SettingLabel({ name, field, waits }: { name: FieldKey; field: string; waits: boolean }) {
  const { label, help, effect } = fieldOf(name);
  const live = effect === 'live';
  return (
    <Tip text={`${help} ${live ? 'Acts on the running network.' : 'Takes effect on a restart.'}`} tap>
      <label htmlFor={field} className={css.label}>
        <span className={waits ? `${css.labelText} ${css.waiting}` : css.labelText}>{label}</span>
        <EffectIcon live={live} />
      </label>
    </Tip>
  );
}

/** What a change of the setting does. */
export function EffectIcon({ live }: { live: boolean }) {
  return live ? (
    <Zap className={css.effect} size={10} role="img" aria-label="live" />
  ) : (
    <RotateCcw className={css.effect} size={10} role="img" aria-label="restarts" />
  );
}

function SettingSlider({
  field,
  value,
  commit,
}: {
  field: NumberField;
  value: number;
  commit: (value: number) => void;
}) {
  return (
    <Slider.Root
      min={0}
      max={travel}
      step={strideOf(field)}
      value={positionOf(field, value)}
      onValueChange={(position) => commit(valueAt(field, position))}
    >
      <Slider.Control className={css.slider}>
        <Slider.Track className={css.track}>
          <Slider.Indicator className={css.indicator} />
          <Slider.Thumb
            className={css.thumb}
            aria-label={`${field.label}, slider`}
            getAriaValueText={() => setting(value)}
          />
        </Slider.Track>
      </Slider.Control>
    </Slider.Root>
  );
}
