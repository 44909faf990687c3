import { excerpt } from './excerpt.ts';
import type { Experiment, FieldKey } from './experiment.ts';
import { FaultError } from './fault.ts';
import {
  defaultExperiment,
  fieldKeys,
  fieldOf,
  fields,
  type ChoiceField,
  type ListField,
  type NumberField,
} from './fields.ts';
import { parseNetwork, printNetwork, type LayerSpec } from './network.ts';
import { recommended } from './presets.ts';

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
  if (field.kind === 'list') return parseList(field, text);
  if (field.kind === 'integer') return checkNumber(field, numberIn(text), true);
  // Half the world writes 0,01, and the other half 1,000.
  if (/^\s*[1-9]\d{0,2},\d{3}\s*$/.test(text))
    throw new FaultError(
      'invalid',
      `${field.label}: “${text.trim()}” may be ${Number(text.replace(',', '.'))} or ${Number(text.replace(',', ''))}. Write one of these.`,
    );
  return checkNumber(field, numberIn(text.replace(',', '.')), false);
}

/** A number as people write it, without a comma; NaN for what is none, be it JavaScript's. */
const numberIn = (text: string): number =>
  /^\s*[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?\s*$/i.test(text) ? Number(text) : NaN;

/** "20-30". */
function parseList(field: ListField, text: string): number[] {
  const items = text === '' ? [] : text.split('-');
  if (items.length > field.most)
    throw new FaultError('invalid', `${field.label} takes at most ${field.most} numbers; these are ${items.length}.`);
  return items.map((item) => checkNumber(field, numberIn(item), true));
}

function checkChoice(field: ChoiceField, value: string): string {
  if (field.options.some((option) => option.value === value)) return value;
  throw new FaultError(
    'invalid',
    `${field.label} “${excerpt(value)}” is not one of ${field.options.map((o) => o.value).join(', ')}.`,
  );
}

function checkNumber(field: NumberField | ListField, value: number, whole: boolean): number {
  if (value >= field.min && value <= field.max && (!whole || Number.isInteger(value))) return value;
  throw new FaultError(
    'invalid',
    `${field.label} takes ${whole ? 'whole numbers' : 'numbers'} from ${field.min} to ${field.max}.`,
  );
}

/** An experiment as a URL fragment: only what differs from what is recommended for its rule on its network. */
export function printFragment(experiment: Experiment): string {
  const { rule, layers } = experiment;
  const usual = { ...recommended(rule, layers), layers: defaultExperiment.layers };
  const parts = fieldKeys
    .filter((key) => key === 'rule' || printField(key, experiment[key]) !== printField(key, usual[key]))
    .map((key) => `${fields[key].short}=${encodeURIComponent(printField(key, experiment[key]))}`);
  return parts.join('&');
}

/** What was read from outside, and a sentence for everything that had to be replaced by its default. */
export interface Restored {
  readonly experiment: Experiment;
  readonly notices: readonly string[];
}

const maxFragment = 16_384;

/** Reads a URL fragment. Whatever is wrong in it is replaced by the default, with a notice. */
export function parseFragment(fragment: string): Restored {
  const text = fragment.replace(/^#/, '');
  if (text.length > maxFragment)
    return {
      experiment: defaultExperiment,
      notices: ['The link is too long to be one of ours; the defaults are used.'],
    };
  const values = new Map<string, string>();
  const unreadable: string[] = [];
  for (const part of text.split('&').filter((piece) => piece !== '')) {
    const [short = '', value = ''] = part.split(/=(.*)/s);
    try {
      values.set(short, decodeURIComponent(value));
    } catch {
      unreadable.push(short);
    }
  }
  const notices: string[] = [];
  if (unreadable.length > 0)
    notices.push(`The link's “${excerpt(unreadable.join(', '))}” is not readable; the default is used.`);
  const known = new Set<string>(fieldKeys.map((key) => fields[key].short));
  const unknown = [...values.keys()].filter((short) => !known.has(short));
  if (unknown.length > 0)
    notices.push(`The link has settings that do not exist: ${excerpt(unknown.join(', '))}. They are ignored.`);
  return restore((key) => values.get(fields[key].short), notices);
}

/** An experiment as JSON-able data, for files. */
export function printExperiment(experiment: Experiment): Record<FieldKey, string | number | readonly number[]> {
  return Object.fromEntries(
    fieldKeys.map((key) => [key, fieldOf(key).kind === 'network' ? printField(key, experiment[key]) : experiment[key]]),
  ) as Record<FieldKey, string | number | readonly number[]>;
}

/** Reads `printExperiment`'s data, or any part of it; the rest stands at what is recommended for the rule on the network. */
export function parseExperiment(data: unknown): Restored {
  if (typeof data !== 'object' || data === null || Array.isArray(data))
    return {
      experiment: defaultExperiment,
      notices: ['An experiment is a JSON object of settings, such as {"rule": "pfa", "seed": 1}.'],
    };
  const values = new Map(Object.entries(data));
  const unknown = [...values.keys()].filter((key) => !fieldKeys.includes(key as FieldKey));
  const notices: string[] = [];
  if (unknown.length > 0)
    notices.push(
      `There is no setting “${excerpt(unknown.join(', '))}”; ${unknown.length === 1 ? 'it is' : 'they are'} ignored.`,
    );
  return restore((key) => {
    const value: unknown = values.get(key);
    return value === undefined ? undefined : textIn(value);
  }, notices);
}

/** A file's value as the URL would write it. What no setting takes is not looked into: it may be nested without end. */
const textIn = (value: unknown): string =>
  (Array.isArray(value) ? value : [value]).map((item) => (typeof item === 'object' ? '{…}' : String(item))).join('-');

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
  const [rule, layers] = [read('rule', defaultExperiment), read('layers', defaultExperiment)];
  const usual = recommended(rule as string, layers as readonly LayerSpec[]);
  const others = fieldKeys.filter((key) => key !== 'rule' && key !== 'layers').map((key) => [key, read(key, usual)]);
  return { experiment: { ...usual, ...Object.fromEntries(others) }, notices };
}
