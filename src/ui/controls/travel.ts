import type { NumberField } from '../../model/fields.ts';

/** Positions of a slider, from 0 to this. */
export const travel = 1000;

/** Up to this many values a slider stops at each; beyond it moves by steps of its own. */
const distinct = 200;

/** Where a logarithmic slider begins. One that reaches down to 0 has 0 as its first stop, then its smallest step. */
const floorOf = (field: NumberField): number => (field.min > 0 ? field.min : field.step);

/** The slider's position, in [0, travel], for a value of the field. */
export function positionOf(field: NumberField, value: number): number {
  if (field.scale === 'linear') return ((value - field.min) / (field.max - field.min)) * travel;
  const floor = floorOf(field);
  if (value < floor) return 0;
  const share = Math.log(value / floor) / Math.log(field.max / floor);
  return field.min > 0 ? share * travel : 1 + share * (travel - 1);
}

/** The value at a slider's position: rounded to the field's step, and on a logarithmic slider to two digits. */
export function valueAt(field: NumberField, position: number): number {
  if (position >= travel) return field.max;
  const raw = rawAt(field, position);
  const stepped = field.scale === 'log' ? Number(raw.toPrecision(2)) : field.min + round(raw - field.min, field.step);
  const whole = field.kind === 'integer' ? Math.round(stepped) : stepped;
  return Math.min(field.max, Math.max(field.min, Number(whole.toPrecision(10))));
}

function rawAt(field: NumberField, position: number): number {
  if (field.scale === 'linear') return field.min + (position / travel) * (field.max - field.min);
  const floor = floorOf(field);
  if (field.min > 0) return floor * (field.max / floor) ** (position / travel);
  return position < 1 ? 0 : floor * (field.max / floor) ** ((position - 1) / (travel - 1));
}

const round = (value: number, step: number): number => Math.round(value / step) * step;

/** How far the slider moves at an arrow key: one value where values are few, else a hundredth of the way. */
export function strideOf(field: NumberField): number {
  const values = (field.max - field.min) / field.step;
  return field.scale === 'linear' && values <= distinct ? travel / values : travel / 100;
}

/** One step up (+1) or down (-1) from a value typed in a number field. */
export function nudge(field: NumberField, value: number, direction: 1 | -1): number {
  if (field.scale === 'linear') {
    const next = value + direction * field.step;
    return Math.min(field.max, Math.max(field.min, Number(next.toPrecision(10))));
  }
  // In equal factors: one more in the second digit, whatever the magnitude.
  const magnitude = value > 0 ? 10 ** (Math.floor(Math.log10(value) + (direction < 0 ? -1e-9 : 0)) - 1) : field.step;
  const step = Math.max(magnitude, field.kind === 'integer' ? 1 : 0);
  const next = Number((value + direction * step).toPrecision(10));
  // Below the field's step lies 0; what was typed below it moves by its own digits.
  const falls = field.min === 0 && value >= field.step && next < field.step;
  return falls ? 0 : Math.min(field.max, Math.max(field.min, next));
}
