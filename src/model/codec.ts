import type { Experiment, FieldKey } from './experiment.ts';
import { FaultError } from './fault.ts';
import {
  defaultExperiment,
  defaultsFor,
  fieldKeys,
  fieldOf,
  fields,
  type ChoiceField,
  type ListField,
  type NumberField,
} from './fields.ts';
import { parseNetwork, printNetwork, type LayerSpec } from './network.ts';

/** A field's value as text, as the URL writes it. */
export function printField(key: FieldKey, value: Experiment[FieldKey]): string {
  if (typeof value !== 'object') return String(value);
  return fieldOf(key).kind === 'network'
    ? printNetwork(value as readonly LayerSpec[])
    : (value as readonly number[]).join('-');
}

/** Reads a field's text. Throws a FaultError('invalid') that says what the field takes. */
export function parseField(key: FieldKey, text: string): Experiment[FieldKey] {
  const field = fieldOf(key);
  if (field.kind === 'network') return parseNetwork(text);
  if (field.kind === 'choice') return checkChoice(field, text);
  if (field.kind === 'list')
    return text === ''
      ? []
      : text.split('-').map((item) => checkNumber(field, item.trim() === '' ? NaN : Number(item), true));
  // Half the world writes 0,01. Of a whole number's commas nobody knows what they mean.
  const digits = field.kind === 'integer' ? text : text.replace(',', '.');
  return checkNumber(field, text.trim() === '' ? NaN : Number(digits), field.kind === 'integer');
}

function checkChoice(field: ChoiceField, value: string): string {
  if (field.options.some((option) => option.value === value)) return value;
  throw new FaultError(
    'invalid',
    `${field.label} “${value}” is not one of ${field.options.map((o) => o.value).join(', ')}.`,
  );
}

function checkNumber(field: NumberField | ListField, value: number, whole: boolean): number {
  if (value >= field.min && value <= field.max && (!whole || Number.isInteger(value))) return value;
  throw new FaultError(
    'invalid',
    `${field.label} takes ${whole ? 'whole numbers' : 'numbers'} from ${field.min} to ${field.max}.`,
  );
}

/** An experiment as a URL fragment: only what differs from the rule's defaults. */
export function printFragment(experiment: Experiment): string {
  const defaults = defaultsFor(experiment.rule);
  const parts = fieldKeys
    .filter((key) => key === 'rule' || printField(key, experiment[key]) !== printField(key, defaults[key]))
    .map((key) => `${fields[key].short}=${encodeURIComponent(printField(key, experiment[key]))}`);
  return parts.join('&');
}

/** What was read from outside, and a sentence for everything that had to be replaced by its default. */
export interface Restored {
  readonly experiment: Experiment;
  readonly notices: readonly string[];
}

const maxFragment = 2048;

/** Reads a URL fragment. Whatever is wrong in it is replaced by the default, with a notice. */
export function parseFragment(fragment: string): Restored {
  const text = fragment.replace(/^#/, '');
  if (text.length > maxFragment)
    return {
      experiment: defaultExperiment,
      notices: ['The link is too long to be one of ours; the defaults are used.'],
    };
  const values = new Map<string, string>();
  const notices: string[] = [];
  for (const part of text.split('&').filter((piece) => piece !== '')) {
    const [short = '', value = ''] = part.split(/=(.*)/s);
    try {
      values.set(short, decodeURIComponent(value));
    } catch {
      notices.push(`The link's “${short}” is not readable; its default is used.`);
    }
  }
  const known = new Set<string>(fieldKeys.map((key) => fields[key].short));
  const unknown = [...values.keys()].filter((short) => !known.has(short));
  if (unknown.length > 0)
    notices.push(`The link has settings that do not exist: ${unknown.join(', ')}. They are ignored.`);
  return restore((key) => values.get(fields[key].short), notices);
}

/** An experiment as JSON-able data, for files. */
export function printExperiment(experiment: Experiment): Record<FieldKey, string | number | readonly number[]> {
  return Object.fromEntries(
    fieldKeys.map((key) => [key, fieldOf(key).kind === 'network' ? printField(key, experiment[key]) : experiment[key]]),
  ) as Record<FieldKey, string | number | readonly number[]>;
}

/** Reads `printExperiment`'s data, or any part of it; the rest stands at the rule's defaults. */
export function parseExperiment(data: unknown): Restored {
  if (typeof data !== 'object' || data === null || Array.isArray(data))
    return {
      experiment: defaultExperiment,
      notices: ['An experiment is a JSON object of settings, such as {"rule": "pfa", "seed": 1}.'],
    };
  const values = new Map(Object.entries(data));
  const notices = [...values.keys()]
    .filter((key) => !fieldKeys.includes(key as FieldKey))
    .map((key) => `There is no setting “${key}”; it is ignored.`);
  return restore((key) => {
    const value: unknown = values.get(key);
    if (value === undefined) return undefined;
    if (Array.isArray(value)) return value.join('-');
    return typeof value === 'string' || typeof value === 'number' ? String(value) : JSON.stringify(value);
  }, notices);
}

function restore(textOf: (key: FieldKey) => string | undefined, notices: string[]): Restored {
  const read = (key: FieldKey, fallback: Experiment): Experiment[FieldKey] => {
    const text = textOf(key);
    if (text === undefined) return fallback[key];
    try {
      return parseField(key, text);
    } catch (error) {
      notices.push(`${(error as Error).message} The default, ${printField(key, fallback[key])}, is used.`);
      return fallback[key];
    }
  };
  const defaults = defaultsFor(read('rule', defaultExperiment) as string);
  const entries = fieldKeys.filter((key) => key !== 'rule').map((key) => [key, read(key, defaults)]);
  return { experiment: { ...defaults, ...Object.fromEntries(entries) }, notices };
}
