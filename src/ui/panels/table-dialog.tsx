import { ExternalLink } from 'lucide-react';
import { rules } from '../../model/rules/index.ts';
import { criteria, type Mark } from '../../model/rules/rule.ts';
import { Dialog } from '../controls/dialog.tsx';
import css from './table.module.css';
import { TurnChoice } from './turns.tsx';

/** How the paper's marks read. */
const legend: Readonly<Record<Mark, { readonly sign: string; readonly meaning: string }>> = {
  yes: { sign: '✓', meaning: 'yes' },
  no: { sign: '✗', meaning: 'no' },
  partly: { sign: '◐', meaning: 'partly: reduced but not gone, or better than FA and short of BP' },
  unclear: { sign: '?', meaning: 'unclear' },
};

const source = 'https://pmc.ncbi.nlm.nih.gov/articles/PMC11160852/table/T1';

/** A mark as a sign, and as a word for who cannot see it. */
function MarkSign({ mark }: { mark: Mark }) {
  return (
    <span className={css[mark]} role="img" aria-label={mark}>
      {legend[mark].sign}
    </span>
  );
}

/** On a small screen the table is wider than its frame. */
const show = (cell: HTMLElement | null): void => {
  const frame = cell?.closest('[role=region]');
  if (cell && frame) frame.scrollLeft = cell.offsetLeft + cell.offsetWidth / 2 - frame.clientWidth / 2;
};

/** The paper's Table 1 for all rules that it compares; the chosen one's column stands out. */
export function TableDialog({ chosen, close }: { chosen: string; close: () => void }) {
  const compared = rules.filter((rule) => rule.table !== null);
  const others = rules.filter((rule) => rule.table === null).map((rule) => rule.name);
  return (
    <Dialog title="The rules side by side" close={close} wide>
      <TurnChoice begun={close} />
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- a region that scrolls must take the focus */}
      <div className={css.frame} tabIndex={0} role="region" aria-label="Table 1 of the paper">
        <table className={css.table}>
          <thead>
            <tr>
              <th scope="col">
                <span className="visually-hidden">Criterion</span>
              </th>
              {compared.map(({ id, name, title }) => (
                <th
                  key={id}
                  ref={id === chosen ? show : null}
                  scope="col"
                  title={title}
                  className={id === chosen ? css.chosen : undefined}
                >
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {criteria.map((criterion, row) => (
              <tr key={criterion}>
                <th scope="row">{criterion}</th>
                {compared.map(({ id, table }) => (
                  <td key={id} className={id === chosen ? css.chosen : undefined}>
                    {table?.[row] && <MarkSign mark={table[row]} />}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <ul className={css.legend} aria-label="Legend">
        {Object.entries(legend).map(([mark, { sign, meaning }]) => (
          <li key={mark}>
            <span className={css[mark]} aria-hidden>
              {sign}
            </span>{' '}
            {meaning}
          </li>
        ))}
      </ul>
      <p className={css.note}>
        After{' '}
        <a href={source} target="_blank" rel="noreferrer">
          Table 1 of Li &amp; Benna 2024
          <ExternalLink size={11} aria-label="(opens in a new tab)" />
        </a>
        . Variants stand where the paper has their family: frSF and brSF with SF, PFA-o with PFA. Not in the table:{' '}
        {others.join(', ')}.
      </p>
    </Dialog>
  );
}
