import { ExternalLink } from 'lucide-react';
import { useState, type CSSProperties, type ReactNode } from 'react';
import { equations } from 'virtual:equations';
import { rules, ruleOf } from '../../model/rules/index.ts';
import { criteria, type Rule } from '../../model/rules/rule.ts';
import { ruleToken } from '../charts/palette.ts';
import controls from '../controls/controls.module.css';
import { useKeptFocus } from '../controls/keep-focus.ts';
import { useNarrow } from '../controls/narrow.ts';
import { useLab, useLabState } from '../context.ts';
import { canGoOn, hasBegun, queued } from '../store.ts';
import css from './panels.module.css';
import { MarkSign, TableDialog } from './table-dialog.tsx';
import table from './table.module.css';

/** Chips of all learning rules, and what the chosen one does. */
export function RulePanel() {
  const lab = useLab();
  const chosen = useLabState((state) => state.experiment.rule);
  const asks = useLabState((state) => hasBegun(state) && state.experiment.rule !== state.loaded?.rule);
  const rule = ruleOf(chosen);
  return (
    <section className={css.rulePanel} aria-label="Learning rule" tabIndex={-1}>
      <div className={css.chips} role="group" aria-label="Learning rule">
        {rules.map(({ id, name, title }) => (
          <button
            key={id}
            type="button"
            className={css.chip}
            title={title}
            aria-pressed={id === chosen}
            style={{ '--chip': `var(${ruleToken(id)})` } as CSSProperties}
            onClick={() => lab.chooseRule(id)}
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
      {asks && <RuleQuestion />}
      <Folded>
        <Verdict rule={rule} />
        {!asks && <Equations of={chosen} />}
      </Folded>
    </section>
  );
}

/** What a phone has below the charts' way: it opens when it is asked for. */
function Folded({ children }: { children: ReactNode }) {
  if (!useNarrow()) return children;
  return (
    <details className={css.more}>
      <summary>Formulas and properties</summary>
      {children}
    </details>
  );
}

/** "Li & Benna", or "Lillicrap et al." of more than two. */
function cite(authors: string): string {
  const names = authors.split(/[,;&]/).map((name) => name.trim());
  return names.length > 2 ? `${names[0] ?? ''} et al.` : authors;
}

/** The rule's column of the paper's Table 1, lying on its side, and the way to all of them. */
function Verdict({ rule }: { rule: Rule }) {
  const [open, setOpen] = useState(false);
  return (
    <>
      <button type="button" className={table.verdict} onClick={() => setOpen(true)}>
        Table 1
        {rule.table?.map((mark, row) => (
          <span key={criteria[row]} title={criteria[row]}>
            <span className="visually-hidden">{criteria[row]}: </span>
            <MarkSign mark={mark} />
          </span>
        ))}
        <span className={table.compare}>Compare the rules</span>
      </button>
      {open && <TableDialog chosen={rule.id} close={() => setOpen(false)} />}
    </>
  );
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
        Go on from the present weights
      </button>
      {!possible && <p>Other changes that wait for a restart need new weights.</p>}
      <button type="button" className={controls.link} onClick={lab.discard}>
        Stay with {from}
      </button>
    </div>
  );
}
