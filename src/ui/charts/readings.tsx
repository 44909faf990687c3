import type { CSSProperties } from 'react';
import { figuresOf, mostValues, tellValues } from './figures.ts';
import { isElsewhere, type ChartModel, type Reading } from './model.ts';
import css from './readings.module.css';

interface ReadingsProps {
  readonly values: readonly Reading[];
  readonly model: ChartModel;
  readonly cursor: number | null;
  readonly replicas: number;
}

/** The values at the cursor, or the newest, in a fixed place: figures that jump about cannot be read. */
export function Readings({ values, model, cursor, replicas }: ReadingsProps) {
  const { read } = model;
  const present = condense(values.filter(({ line }) => line.run === null));
  return (
    <div>
      <dl className={css.readings}>
        {present.map(({ note, ...reading }, i) => (
          <div key={reading.label + note} className={css.reading}>
            <dt>
              {note}
              {reading.label}
            </dt>
            <dd>
              {read(reading.value)}
              {reading.deviation !== null && <span className={css.deviation}> ± {read(reading.deviation)}</span>}
              {/* Once for those that are of one step. */}
              {present[i + 1]?.step !== reading.step && isElsewhere(reading, model, cursor) && (
                <span className={css.deviation}> at step {reading.step}</span>
              )}
            </dd>
          </div>
        ))}
        {replicas > 1 && present.length > 0 && (
          <div className={css.replicas}>
            <dt>mean ± SD, n =</dt>
            <dd>{replicas}</dd>
          </div>
        )}
      </dl>
      <Earlier values={values} model={model} cursor={cursor} />
    </div>
  );
}

/** Below them those of earlier runs, a cell for each. Where they are more than there is room for they scroll. */
function Earlier({ values, model, cursor }: Omit<ReadingsProps, 'replicas'>) {
  const runs = figuresOf(model, values);
  if (runs.length === 0) return null;
  const layers = Math.max(...runs.map(({ run }) => model.lines.filter((line) => line.run === run).length));
  // What is in a cell must not move the others: its width follows from how many values it may have.
  const width = 11 + 2 * (layers > mostValues ? 2 : layers);
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- a region that scrolls must take the focus
    <div className={css.before} tabIndex={0} role="group" aria-label="Values of earlier runs">
      <dl className={css.cells} style={{ '--cell': `${width}em` } as CSSProperties}>
        {runs.map(({ run, name, values: own }) => (
          <div key={run} className={css.reading}>
            <dt>{name}</dt>
            <dd>
              {tellValues(own, model)}
              {own.length > 0 && isElsewhere(own[0], model, cursor) && (
                <span className={css.deviation}>
                  {' at '}
                  <span className="visually-hidden">step </span>
                  {own[0].step}
                </span>
              )}
            </dd>
          </div>
        ))}
      </dl>
    </div>
  );
}

type Noted = Reading & { readonly note: string };

/** More values than fit are told by their ends: the lowest and the highest. */
function condense(values: readonly Reading[]): readonly Noted[] {
  const [first] = values;
  if (values.length <= mostValues || !first) return values.map((reading) => ({ ...reading, note: '' }));
  const lowest = values.reduce((a, b) => (b.value < a.value ? b : a), first);
  const highest = values.reduce((a, b) => (b.value > a.value ? b : a), first);
  return [
    { ...lowest, note: 'lowest: ' },
    { ...highest, note: 'highest: ' },
  ];
}
