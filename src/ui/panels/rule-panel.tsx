import { ExternalLink } from 'lucide-react';
import type { CSSProperties, MouseEvent } from 'react';
import { equations } from 'virtual:equations';
import { rules, ruleOf } from '../../model/rules/index.ts';
import { ruleToken } from '../charts/palette.ts';
import controls from '../controls/controls.module.css';
import { useLab, useLabState } from '../context.ts';
import { canGoOn, hasBegun, queued } from '../store.ts';
import css from './panels.module.css';

/** Chips of all learning rules, and what the chosen one does. */
export function RulePanel() {
  const lab = useLab();
  const chosen = useLabState((state) => state.experiment.rule);
  const asks = useLabState((state) => hasBegun(state) && state.experiment.rule !== state.loaded?.rule);
  const rule = ruleOf(chosen);
  const choose = (id: string) => (event: MouseEvent<HTMLButtonElement>) => {
    if (event.detail > 0) event.currentTarget.blur();
    lab.chooseRule(id);
  };
  return (
    <section className={css.rulePanel} aria-label="Learning rule">
      <div className={css.chips} role="group" aria-label="Learning rule">
        {rules.map(({ id, name, title }) => (
          <button
            key={id}
            type="button"
            className={css.chip}
            title={title}
            aria-pressed={id === chosen}
            style={{ '--chip': `var(${ruleToken(id)})` } as CSSProperties}
            onClick={choose(id)}
          >
            {name}
          </button>
        ))}
      </div>
      <h2 className={css.ruleTitle}>{rule.title}</h2>
      <p className={css.sentence}>
        {rule.sentence}{' '}
        <a className={css.source} href={rule.source.url} target="_blank" rel="noreferrer" title={rule.source.title}>
          {cite(rule.source.authors)} {rule.source.year}
          <ExternalLink size={11} aria-label="(opens in a new tab)" />
        </a>
      </p>
      {asks ? <RuleQuestion /> : <Equations of={chosen} />}
    </section>
  );
}

/** "Li & Benna", or "Lillicrap et al." of more than two. */
function cite(authors: string): string {
  const names = authors.split(/[,;&]/).map((name) => name.trim());
  return names.length > 2 ? `${names[0] ?? ''} et al.` : authors;
}

function Equations({ of }: { of: string }) {
  return (
    <div className={css.equations}>
      {(equations[of] ?? []).map((mathml) => (
        // Made from the rules' own TeX while the page was built; nothing from outside gets here.
        <div key={mathml} dangerouslySetInnerHTML={{ __html: mathml }} />
      ))}
    </div>
  );
}

/** A run is under way: shall the chosen rule start afresh or take over? */
function RuleQuestion() {
  const lab = useLab();
  const to = useLabState((state) => ruleOf(state.experiment.rule).name);
  const from = useLabState((state) => (state.loaded === null ? '' : ruleOf(state.loaded.rule).name));
  const possible = useLabState((state) => canGoOn(queued(state.experiment, state.loaded)));
  return (
    <div className={css.question} role="group" aria-label={`From ${from} to ${to}`}>
      <button type="button" className={controls.primary} onClick={() => void lab.restart('seed')}>
        Restart from the same seed
      </button>
      <button
        type="button"
        className={controls.button}
        disabled={!possible}
        title={possible ? undefined : 'Other changes that wait for a restart need new weights.'}
        onClick={() => void lab.restart('present')}
      >
        Go on from the present weights
      </button>
      <button type="button" className={controls.link} onClick={lab.discard}>
        Stay with {from}
      </button>
    </div>
  );
}
