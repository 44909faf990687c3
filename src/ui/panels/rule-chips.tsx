import type { CSSProperties } from 'react';
import { rules } from '../../model/rules/index.ts';
import { ruleToken } from '../charts/palette.ts';
import css from './rule-chips.module.css';

interface RuleChipsProps {
  /** What is chosen by them. */
  readonly label: string;
  readonly isChosen: (id: string) => boolean;
  readonly choose: (id: string) => void;
}

/** All learning rules in their colours, to choose one or some. */
export function RuleChips({ label, isChosen, choose }: RuleChipsProps) {
  return (
    <div className={css.chips} role="group" aria-label={label}>
      {rules.map(({ id, name, title }) => (
        <button
          key={id}
          type="button"
          className={css.chip}
          title={title}
          aria-pressed={isChosen(id)}
          style={{ '--chip': `var(${ruleToken(id)})` } as CSSProperties}
          onClick={() => choose(id)}
        >
          {name}
        </button>
      ))}
    </div>
  );
}
