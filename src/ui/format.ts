/** Numbers and settings as the page prints them. */
import { printField } from '../model/codec.ts';
import type { Experiment, FieldKey } from '../model/experiment.ts';
import { fieldOf } from '../model/fields.ts';
import { printNetwork, type LayerSpec } from '../model/network.ts';
import { presetOf } from '../model/presets.ts';

/** Three significant digits, or more, and a suffix: 71.2k, 1.35M, 640. */
export function compact(value: number, digits = 3): string {
  const rounded = Number(value.toPrecision(value < 10 ? 2 : digits));
  if (rounded < 1e3) return String(rounded);
  if (rounded < 1e6) return `${rounded / 1e3}k`;
  return rounded < 1e9 ? `${rounded / 1e6}M` : `${rounded / 1e9}G`;
}

/** A whole number with thin groups: 669 706. */
export const grouped = (value: number): string => Math.round(value).toLocaleString('en').replaceAll(',', '\u202f');

/** 45 s, 1:20, 2:05:09. */
export function duration(seconds: number): string {
  const total = Math.max(0, Math.round(seconds));
  if (total < 60) return `${total} s`;
  const two = (value: number): string => String(value).padStart(2, '0');
  const minutes = Math.floor(total / 60);
  return minutes < 60
    ? `${minutes}:${two(total % 60)}`
    : `${Math.floor(minutes / 60)}:${two(minutes % 60)}:${two(total % 60)}`;
}

/** 27 minutes, 3 hours: what one plans by. */
export function roughly(seconds: number): string {
  const minutes = Math.round(seconds / 60);
  return minutes < 90 ? `${minutes} minutes` : `${Math.round(minutes / 60)} hours`;
}

/** A setting's value, as its field has it: 0.01, 1e−7. */
export const setting = (value: number): string => String(value).replace('e-', 'e−');

/** Letters of a network's notation that are read in passing, and that a line has room for. */
const [short, most] = [16, 40];

/** A network: by its notation, or where that is long by its name, or else by its ends. */
function networkName(layers: readonly LayerSpec[]): string {
  const notation = printNetwork(layers);
  if (notation === '') return 'without hidden layers';
  if (notation.length <= short) return notation;
  const name = presetOf(layers)?.name ?? notation;
  return name.length <= most ? name : `${name.slice(0, most - 16)}…${name.slice(-15)}`;
}

/** What a setting is set to, short. */
export function valueOf(key: FieldKey, experiment: Experiment): string {
  if (key === 'layers') return networkName(experiment.layers);
  const value = experiment[key];
  return typeof value === 'number' ? setting(value) : printField(key, value);
}

/** "learning rate 0.02". */
export const describeSetting = (key: FieldKey, experiment: Experiment): string =>
  `${fieldOf(key).label.toLowerCase()} ${valueOf(key, experiment)}`;
