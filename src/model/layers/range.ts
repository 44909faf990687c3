import { excerpt } from '../excerpt.ts';
import { FaultError } from '../fault.ts';

/** What a number of a layer may be, and how a message says so: "a window is 1 to 99 pixels wide". */
export interface Range {
  readonly least: number;
  readonly most: number;
  readonly says: (range: string) => string;
}

/** Reads a number of a layer. Throws a FaultError('invalid') that says what it may be. */
export function readNumber(digits: string, { least, most, says }: Range, token: string): number {
  const value = Number(digits);
  if (value >= least && value <= most) return value;
  throw new FaultError('invalid', `“${excerpt(token)}” is out of range: ${says(`${least} to ${most}`)}.`);
}
