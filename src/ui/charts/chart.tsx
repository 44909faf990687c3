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
import { lookAfter } from './keys.ts';
import { readings, type ChartModel, type Reading } from './model.ts';
import { Readings } from './readings.tsx';
import type { ChartSpec } from './specs.ts';
import { between } from './steps.ts';
import { SvgButton } from './svg-button.tsx';
import { useCanvas } from './use-canvas.ts';
import { useChartModel } from './use-chart-model.ts';
import { show, WholeRunButton } from './whole-run.tsx';

interface ChartProps {
  readonly spec: ChartSpec;
  readonly place: Place;
  /** In place of the title. */
  readonly heading?: ReactNode;
  /** More tools, before the chart's own. */
  readonly tools?: ReactNode;
}

/** A click moves the mouse by so many pixels at most. */
const slip = 4;

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
  /** How often in a row the chart itself, and none of its buttons, was pressed. */
  const presses = useRef(0);
  const title = useId();
  const { replicas } = lab.run.history;

  const scale = isEnlarged ? zoom : 1;
  useCanvas(canvas, (context, width, height, palette) => {
    context.scale(scale, scale);
    const { cursor: at, anchor } = lab.store.getState();
    const shown = model.current();
    const { left, right } = drawChart(context, width / scale, height / scale, shown, palette, at, anchor);
    geometry.current = { left: left * scale, right: right * scale };
  });

  const saveable = (pen: Pen, width: number, height: number, palette: Palette): void =>
    void drawChart(pen, width, height, model.current(), palette, null);

  const point = (event: PointerEvent<HTMLElement>): void => {
    const drawn = geometry.current;
    if (drawn === null || lab.run.history.isEmpty) return;
    const x = event.clientX - event.currentTarget.getBoundingClientRect().left;
    const share = Math.min(1, Math.max(0, (x - drawn.left) / (drawn.right - drawn.left)));
    const { steps } = model.current();
    lab.store.setState({ cursor: Math.round(steps[0] + share * (steps[1] - steps[0])) });
  };
  const drop = (): void => lab.store.setState({ anchor: null });
  const press = (event: PointerEvent<HTMLElement>): void => {
    point(event);
    presses.current = event.target === canvas.current ? presses.current + 1 : 0;
    // A finger scrolls, and reads values on the way.
    if (event.pointerType === 'touch' || event.button !== 0 || event.target !== canvas.current) return;
    event.currentTarget.setPointerCapture(event.pointerId);
    lab.store.setState({ anchor: lab.store.getState().cursor });
  };
  const release = (): void => {
    const drawn = geometry.current;
    const { anchor, cursor: at } = lab.store.getState();
    if (drawn === null || anchor === null || at === null) return;
    drop();
    const { steps, whole } = model.current();
    const width = (Math.abs(at - anchor) / (steps[1] - steps[0])) * (drawn.right - drawn.left);
    if (width > slip) show(lab, between(anchor, at, whole));
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
    const { cursor: at, anchor, view } = lab.store.getState();
    if (event.key === 'Escape' && anchor !== null) {
      event.preventDefault();
      return drop();
    }
    const look = lookAfter(model.current(), { cursor: at, steps: view.steps }, event);
    if (look === undefined) return;
    event.preventDefault();
    lab.store.setState({ cursor: look.cursor });
    if (look.steps !== view.steps) show(lab, look.steps);
  };

  const shown = model.current();
  const values = readings(shown, replicas, cursor);
  const empty = shown.lines.every(({ data }) => data.length === 0);
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- keys move the chart's cursor
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
          {spec.title} chart. {spec.explanation} Arrow keys move the cursor, plus and minus show fewer or more steps
          around it.
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
        className={`${css.plot} ${css.pickable}`}
        onPointerMove={point}
        onPointerDown={press}
        onPointerUp={release}
        onLostPointerCapture={drop}
        onPointerLeave={pointAway}
        onDoubleClick={() => {
          // One that began on a button was meant for that, also where the button has gone with the first click.
          if (presses.current < 2) return;
          if (lab.store.getState().view.steps === null) toggle();
          else show(lab, null);
        }}
      >
        <canvas ref={canvas} className={css.canvas} aria-hidden />
        {empty && <p className={css.empty}>{activity === null ? spec.empty : `${activity.text}…`}</p>}
        <WholeRunButton />
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
      onClick={() => lab.store.setState({ view: { ...view, xUnit: other, steps: null } })}
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
