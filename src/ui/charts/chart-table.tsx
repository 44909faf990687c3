import { Dialog } from '../controls/dialog.tsx';
import css from './chart.module.css';
import { readings, tableSteps, type ChartModel } from './model.ts';
import type { ChartSpec } from './specs.ts';

const rows = 50;

/** A chart's values as a table: at most `rows` of them, evenly spread over the run, as it stood when the table was opened. */
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
  const steps = tableSteps(model, rows);
  const lines = model.lines.filter(({ data }) => data.length > 0);
  return (
    <Dialog title={spec.title} close={close}>
      <p className={css.note}>
        {spec.explanation}
        {replicas > 1 && ` Mean ± standard deviation of ${replicas} seeds.`}
      </p>
      {steps.length === 0 ? (
        <p className={css.note}>There is nothing to show before the first step.</p>
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
              {steps.map((step) => {
                const values = readings(model, replicas, step);
                return (
                  <tr key={step}>
                    <th scope="row">{step}</th>
                    {lines.map(({ label }) => {
                      const reading = values.find((value) => value.label === label);
                      return (
                        <td key={label}>
                          {reading ? model.read(reading.value) : '–'}
                          {typeof reading?.deviation === 'number' && ` ± ${model.read(reading.deviation)}`}
                        </td>
                      );
                    })}
                  </tr>
                );
              })}
            </tbody>
          </table>
        </div>
      )}
    </Dialog>
  );
}
