import { useState } from 'react';
import { Dialog } from '../controls/dialog.tsx';
import { grouped } from '../format.ts';
import css from './chart.module.css';
import { tableRows, type ChartModel } from './model.ts';
import type { ChartSpec } from './specs.ts';

const most = 50;

/**
 * A chart's values as a table, as it stood when the table was opened: at most `most` rows, spread over the steps on show, each with
 * what was measured at its step.
 */
export function ChartTable({
  spec,
  model,
  replicas,
  close,
}: {
  spec: ChartSpec;
  model: ChartModel;
  replicas: number;
  close: () => void;
}) {
  // The run goes on behind it, and nobody could read rows that change.
  const [{ lines, rows, seeds, stretch }] = useState(() => {
    const { steps, whole } = model;
    const columns = model.lines.filter((line) => line.drawn && line.data.length > 0);
    return {
      lines: columns,
      rows: tableRows({ ...model, lines: columns }, replicas, most),
      seeds: replicas,
      stretch: steps[0] === whole[0] && steps[1] === whole[1] ? null : steps,
    };
  });
  return (
    <Dialog title={spec.title} close={close}>
      <p className={css.note}>
        {spec.explanation}
        {seeds > 1 && ` Mean ± standard deviation of ${seeds} seeds.`}
        {stretch && ` Of the run only the steps on show, ${stretch.map(grouped).join(' to ')}.`}
      </p>
      {rows.length === 0 ? (
        <p className={css.note}>Nothing was measured in these steps.</p>
      ) : (
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- a region that scrolls must take the focus
        <div className={css.tableFrame} tabIndex={0} role="region" aria-label={`${spec.title}, values`}>
          <table className={css.table}>
            <thead>
              <tr>
                <th scope="col">step</th>
                {lines.map(({ label }) => (
                  <th key={label} scope="col">
                    {label}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {rows.map(({ step, cells }) => (
                <tr key={step}>
                  <th scope="row">{step}</th>
                  {cells.map((reading, i) => (
                    <td key={lines[i].label}>
                      {reading ? model.read(reading.value) : '–'}
                      {typeof reading?.deviation === 'number' && ` ± ${model.read(reading.deviation)}`}
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </Dialog>
  );
}
