import { FaultError } from '../fault.ts';
import { bp } from './bp.ts';
import { brsf } from './brsf.ts';
import { dfa } from './dfa.ts';
import { fa } from './fa.ts';
import { frsf } from './frsf.ts';
import { kp } from './kp.ts';
import { mixed } from './mixed.ts';
import { pal } from './pal.ts';
import { pfaf } from './pfa-factored.ts';
import { pfa, pfao } from './pfa.ts';
import type { Rule } from './rule.ts';
import { usf } from './usf.ts';
import { wm } from './wm.ts';

/** Every learning rule, in the order in which the page shows them. */
export const rules: readonly Rule[] = [bp, fa, dfa, usf, frsf, brsf, kp, wm, pal, pfa, pfao, pfaf, mixed];

/** The rule of that name. Throws a FaultError('invalid') that lists the names there are. */
export function ruleOf(id: string): Rule {
  const rule = rules.find((candidate) => candidate.id === id);
  if (!rule)
    throw new FaultError('invalid', `There is no learning rule “${id}”. Known: ${rules.map((r) => r.id).join(', ')}.`);
  return rule;
}
