import { ExternalLink } from 'lucide-react';
import { useState, type ReactNode } from 'react';
import { equations } from 'virtual:equations';
import { ruleOf } from '../../model/rules/index.ts';
import type { Mark, Rule } from '../../model/rules/rule.ts';
import controls from '../controls/controls.module.css';
import { useKeptFocus } from '../controls/keep-focus.ts';
import { useNarrow } from '../controls/narrow.ts';
import { useLab, useLabState } from '../context.ts';
import { canGoOn, hasBegun, queued } from '../store.ts';
import { RuleChips } from './rule-chips.tsx';
import css from './rule-panel.module.css';
import { TableDialog } from './table-dialog.tsx';
import table from './table.module.css';

/** Chips of all learning rules, and what the chosen one does. */
export function RulePanel() {
  const lab = useLab();
  const chosen = useLabState((state) => state.experiment.rule);
  const asks = useLabState((state) => hasBegun(state) && state.experiment.rule !== state.loaded?.rule);
  const rule = ruleOf(chosen);
  return (
    <section className={css.rulePanel} aria-label="Learning rule" tabIndex={-1}>
      <RuleChips label="Learning rule" isChosen={(id) => id === chosen} choose={lab.draft.chooseRule} />
      <h2 className={css.ruleTitle}>{rule.title}</h2>
      <p className={css.sentence}>
        {rule.sentence}{' '}
        <a className={css.source} href={rule.source.url} target="_blank" rel="noreferrer" title={rule.source.title}>
          {cite(rule.source.authors)} {rule.source.year}
          <ExternalLink size={11} aria-label="(opens in a new tab)" />
        </a>
      </p>
      <div className={css.more}>
        <Verdict rule={rule} />
        {!asks && (
          <Folded>
            <Equations of={chosen} />
          </Folded>
        )}
      </div>
      {asks && <RuleQuestion />}
    </section>
  );
}

/** What stands in the charts' way on a phone, and opens there when it is asked for. */
function Folded({ children }: { children: ReactNode }) {
  return (
    // One tree for both: turning a phone must not close what was opened from here.
    <details className={`${controls.more} ${css.folded}`} open={!useNarrow()}>
      <summary>Formulas</summary>
      {children}
    </details>
  );
}

/** "Li & Benna", or "Lillicrap et al." of more than two. */
function cite(authors: string): string {
  const names = authors.split(/[,;&]/).map((name) => name.trim());
  return names.length > 2 ? `${names[0] ?? ''} et al.` : authors;
}

/** How much of the paper's Table 1 the rule meets, and the way to the table. */
function Verdict({ rule }: { rule: Rule }) {
  const [open, setOpen] = useState(false);
  return (
    <>
      <button type="button" className={table.verdict} onClick={() => setOpen(true)}>
        {rule.table !== null && <span>{tally(rule.table)}</span>}
        <span className={table.compare}>Compare rules</span>
      </button>
      {open && <TableDialog chosen={rule.id} close={() => setOpen(false)} />}
    </>
  );
}

/** "Meets 3 of 6 criteria, 1 partly." */
function tally(marks: readonly Mark[]): string {
  const count = (kind: Mark): number => marks.filter((mark) => mark === kind).length;
  const partly = count('partly');
  return `Meets ${count('yes')} of ${marks.length} criteria${partly > 0 ? `, ${partly} partly` : ''}.`;
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
  const box = useKeptFocus<HTMLDivElement>();
  const to = useLabState((state) => ruleOf(state.experiment.rule).name);
  const from = useLabState((state) => (state.loaded === null ? '' : ruleOf(state.loaded.rule).name));
  const seed = useLabState(({ experiment, loaded }) => (experiment.seed === loaded?.seed ? null : experiment.seed));
  const more = useLabState(({ status, loaded }) => (status.phase === 'finished' ? (loaded?.epochs ?? 0) : 0));
  const possible = useLabState((state) => canGoOn(queued(state.experiment, state.loaded)));
  return (
    <div ref={box} className={css.question} role="group" aria-label={`From ${from} to ${to}`}>
      <p>
        This run learns by <b>{from}</b>. With <b>{to}</b>:
      </p>
      <button type="button" className={controls.primary} onClick={() => void lab.restart('seed')}>
        Restart from {seed === null ? 'the same seed' : `seed ${seed}`}
      </button>
      <button
        type="button"
        className={controls.button}
        disabled={!possible}
        onClick={() => void lab.restart('present')}
      >
        {more === 0 ? 'Go on from the present weights' : `Go on for ${more} more ${more === 1 ? 'epoch' : 'epochs'}`}
      </button>
      {!possible && <p>Other changes that wait for a restart need new weights.</p>}
      <button type="button" className={controls.link} onClick={lab.draft.discard}>
        Stay with {from}
      </button>
    </div>
  );
}
