import { Table2 } from 'lucide-react';
import { useEffect, useId, useRef, useState, type KeyboardEvent, type PointerEvent, type ReactNode } from 'react';
import { usePage, useLabState } from '../context.ts';
import { Tip } from '../controls/tip.tsx';
import card from '../controls/card.module.css';
import css from './chart.module.css';
import { ChartTable } from './chart-table.tsx';
import { drawChart, type Geometry } from './draw.ts';
import { EnlargeButton, useEnlarged, zoom } from './enlarge.tsx';
import { figuresOf, tellValues } from './figures.ts';
import type { Place } from '../store.ts';
import type { Palette } from './palette.ts';
import type { Pen } from './pen.ts';
import { readings, type ChartModel, type Reading } from './model.ts';
import { Readings } from './readings.tsx';
import type { ChartSpec } from './specs.ts';
import { SvgButton } from './svg-button.tsx';
import { useCanvas } from './use-canvas.ts';
import { useChartModel } from './use-chart-model.ts';

interface ChartProps {
  readonly spec: ChartSpec;
  readonly place: Place;
  /** In place of the title. */
  readonly heading?: ReactNode;
  /** More tools, before the chart's own. */
  readonly tools?: ReactNode;
}

/** Reading a value aloud while the cursor still moves helps nobody, in ms. */
const speechDelay = 350;

/** One chart: a figure that can be focused, with a cursor that all charts share, its values as text, and as a table. */
export function Chart({ spec, place, heading, tools }: ChartProps) {
  const { lab } = usePage();
  const model = useChartModel(spec);
  const cursor = useLabState((state) => state.cursor);
  const unit = useLabState((state) => state.view.xUnit);
  const earlier = useLabState((state) => state.earlier);
  const [isEnlarged, toggle] = useEnlarged(place);
  const activity = useLabState((state) => state.status.activity);
  const [table, setTable] = useState(false);
  const [focused, setFocused] = useState(false);
  const geometry = useRef<Geometry | null>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const title = useId();
  const { replicas } = lab.run.history;

  const scale = isEnlarged ? zoom : 1;
  useCanvas(canvas, (context, width, height, palette) => {
    context.scale(scale, scale);
    const { cursor: at } = lab.store.getState();
    const { left, right, steps } = drawChart(context, width / scale, height / scale, model.current(), palette, at);
    geometry.current = { left: left * scale, right: right * scale, steps };
  });

  const saveable = (pen: Pen, width: number, height: number, palette: Palette): void =>
    void drawChart(pen, width, height, model.current(), palette, null);

  const point = (event: PointerEvent<HTMLElement>): void => {
    const drawn = geometry.current;
    if (drawn === null || lab.run.history.isEmpty) return;
    const x = event.clientX - event.currentTarget.getBoundingClientRect().left;
    const share = Math.min(1, Math.max(0, (x - drawn.left) / (drawn.right - drawn.left)));
    lab.store.setState({ cursor: Math.round(drawn.steps[0] + share * (drawn.steps[1] - drawn.steps[0])) });
  };
  const unpoint = (): void => lab.store.setState({ cursor: null });
  const leave = (): void => {
    setFocused(false);
    unpoint();
  };
  // A cursor that was set with the keys stays where it is.
  const pointAway = (): void => {
    if (document.querySelector('figure:focus-visible') === null) unpoint();
  };
  const move = (event: KeyboardEvent<HTMLElement>): void => {
    if (event.target !== event.currentTarget) return;
    const step = moveCursor(model.current(), lab.store.getState().cursor, event);
    if (step === undefined) return;
    event.preventDefault();
    lab.store.setState({ cursor: step });
  };

  const shown = model.current();
  const values = readings(shown, replicas, cursor);
  const empty = shown.lines.every(({ data }) => data.length === 0);
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- arrow keys move the chart's cursor
    <figure
      className={`${card.card} ${css.chart}`}
      // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- and need the focus to do so
      tabIndex={0}
      aria-labelledby={title}
      onKeyDown={move}
      onFocus={(event) => setFocused(event.target === event.currentTarget)}
      onBlur={leave}
    >
      <header className={css.header}>
        <span id={title} className="visually-hidden">
          {spec.title} chart. {spec.explanation} Arrow keys move the cursor.
        </span>
        {heading ?? (
          <Tip text={spec.explanation} tap>
            <h2 className={css.title}>{spec.title}</h2>
          </Tip>
        )}
        <div className={css.tools}>
          {tools}
          <SvgButton
            title={spec.title}
            description={spec.explanation}
            axis={`${unit} →`}
            runs={earlier.filter((run) => run.shown)}
            draw={saveable}
          />
          <EnlargeButton place={place} title={spec.title} />
          <Tip text="Show the values as a table">
            <button
              type="button"
              className={css.tool}
              aria-label={`${spec.title} as a table`}
              onClick={() => setTable(true)}
            >
              <Table2 size={15} aria-hidden />
            </button>
          </Tip>
        </div>
      </header>
      <Readings values={values} model={shown} cursor={cursor} replicas={replicas} />
      <div
        className={css.plot}
        onPointerMove={point}
        onPointerDown={point}
        onPointerLeave={pointAway}
        onDoubleClick={toggle}
      >
        <canvas ref={canvas} className={css.canvas} aria-hidden />
        {empty && <p className={css.empty}>{activity === null ? spec.empty : `${activity.text}…`}</p>}
        <UnitButton />
      </div>
      {/* All charts share the cursor, but only the one whose keys move it speaks. */}
      <Speech text={cursor === null || !focused ? '' : `${spec.title}, ${speak(values, shown, cursor)}`} />
      {table && <ChartTable spec={spec} model={shown} replicas={replicas} close={() => setTable(false)} />}
    </figure>
  );
}

/** The title of the x axis, which is the way to its other unit. */
function UnitButton() {
  const { lab } = usePage();
  const view = useLabState((state) => state.view);
  const other = view.xUnit === 'step' ? 'epoch' : 'step';
  return (
    <button
      type="button"
      className={css.unit}
      aria-label={`Horizontal axis in ${view.xUnit}s; show ${other}s`}
      onClick={() => lab.store.setState({ view: { ...view, xUnit: other } })}
    >
      {view.xUnit} →
    </button>
  );
}

function Speech({ text }: { text: string }) {
  const [spoken, setSpoken] = useState('');
  useEffect(() => {
    const timer = setTimeout(() => setSpoken(text), speechDelay);
    return () => clearTimeout(timer);
  }, [text]);
  return (
    <p aria-live="polite" className="visually-hidden">
      {spoken}
    </p>
  );
}

function speak(values: readonly Reading[], model: ChartModel, cursor: number): string {
  const present = values.filter(({ line }) => line.run === null);
  const earlier = figuresOf(model, values).filter((each) => each.values.length > 0);
  const told = [
    ...present.map(({ label, value }) => `${label} ${model.read(value)}`),
    ...earlier.map((each) => `${each.name} ${tellValues(each.values, model)}`),
  ];
  return `step ${cursor}: ${told.join(', ')}`;
}

/** The step under the cursor after a key, null to hide it, undefined for keys that are not the chart's. */
function moveCursor(
  model: ChartModel,
  cursor: number | null,
  { key, shiftKey }: KeyboardEvent,
): number | null | undefined {
  if (key === 'Escape') return cursor === null ? undefined : null;
  const data = model.lines.find((line) => line.run === null && line.data.length > 0)?.data;
  if (!data) return undefined;
  const last = data.length - 1;
  const at = cursor === null ? last : data.nearest(cursor);
  const stride = shiftKey ? Math.max(1, Math.round(last / 20)) : 1;
  const to = { ArrowLeft: at - stride, ArrowRight: at + stride, Home: 0, End: last }[key];
  return to === undefined ? undefined : data.samples.x[Math.min(last, Math.max(0, to))];
}
