import { useState } from 'react';
import { kindOf, type LayerSpec } from '../../model/network.ts';
import css from './network.module.css';

/** What the properties of layers are called; one that is missing here goes by its own name. */
const words: Readonly<Record<string, string>> = { outputs: 'units', kernel: 'window', of: 'takes', relu: 'ReLU' };

const wordFor = (key: string): string => words[key] ?? key;

type Property = number | boolean | string;
type Properties = Readonly<Record<string, unknown>>;

interface LayerInputsProps {
  readonly spec: LayerSpec;
  /** How a screen reader calls the layer. */
  readonly name: string;
  /** Hears of the layer as it is now meant to be; its numbers may be out of range. */
  readonly change: (spec: LayerSpec) => void;
}

/** An input for every number, switch and choice of a layer, made from its description as it stands: no kind is special. */
export function LayerInputs({ spec, name, change }: LayerInputsProps) {
  const inputs = (properties: Properties, whole: (changed: Properties) => Properties): React.JSX.Element[] =>
    Object.entries(properties).flatMap(([key, value]): React.JSX.Element[] => {
      if (key === 'kind' || Array.isArray(value) || value === null) return [];
      const wholeWith = (next: unknown): Properties => whole({ ...properties, [key]: next });
      if (typeof value === 'object') return inputs(value as Properties, (next) => wholeWith(next));
      const set = (next: Property): void => change(wholeWith(next) as unknown as LayerSpec);
      const choices = kindOf(spec).choices?.[key] ?? [];
      return [
        <PropertyInput key={key} name={name} property={key} value={value as Property} choices={choices} set={set} />,
      ];
    });
  return <>{inputs(spec as unknown as Properties, (changed) => changed)}</>;
}

interface PropertyInputProps {
  readonly name: string;
  readonly property: string;
  readonly value: Property;
  /** The words that it may be, if it is a word. */
  readonly choices: readonly string[];
  readonly set: (value: Property) => void;
}

function PropertyInput({ name, property, value, choices, set }: PropertyInputProps) {
  const word = wordFor(property);
  const label = `${name}, ${word}`;
  if (typeof value === 'number') return <NumberInput label={label} word={word} value={value} set={set} />;
  if (typeof value === 'boolean')
    return (
      <label className={css.property}>
        <input
          type="checkbox"
          aria-label={label}
          checked={value}
          onChange={(event) => set(event.currentTarget.checked)}
        />
        {word}
      </label>
    );
  return (
    <label className={css.property}>
      {word}
      <select aria-label={label} className={css.choice} value={value} onChange={(event) => set(event.target.value)}>
        {choices.map((choice) => (
          <option key={choice}>{choice}</option>
        ))}
      </select>
    </label>
  );
}

interface NumberInputProps {
  readonly label: string;
  readonly word: string;
  readonly value: number;
  readonly set: (value: number) => void;
}

/** Takes effect with every key, a number that is out of range too: the layer tells what is wrong. */
function NumberInput({ label, word, value, set }: NumberInputProps) {
  const [blank, setBlank] = useState(false);
  const type = (typed: string): void => {
    const digits = typed.replaceAll(/\D/g, '');
    setBlank(digits === '');
    set(Number(digits));
  };
  return (
    <label className={css.property}>
      {word}
      <input
        className={css.number}
        aria-label={label}
        inputMode="numeric"
        autoComplete="off"
        maxLength={9}
        value={blank ? '' : value}
        onChange={(event) => type(event.target.value)}
        onBlur={() => setBlank(false)}
      />
    </label>
  );
}
