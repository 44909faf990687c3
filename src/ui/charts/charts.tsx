import { useRef, type CSSProperties, type ReactNode, type RefObject } from 'react';
import { useLab, useLabState } from '../context.ts';
import { Guard } from '../controls/guard.tsx';
import { Tip } from '../controls/tip.tsx';
import css from './chart.module.css';
import { Chart } from './chart.tsx';
import { EarlierRuns } from './earlier-runs.tsx';
import { useEscape, zoom } from './enlarge.tsx';
import { specs } from './specs.ts';
import { AnswersChart, answersTab } from '../answers/answers-chart.tsx';
import { SynapsesChart, synapsesTab } from '../synapses/synapses-chart.tsx';
import { WayBackChart, wayBackTab } from '../way-back/way-back-chart.tsx';
import type { Place, View } from '../store.ts';

/** The four charts. */
export function Charts() {
  const view = useLabState((state) => state.view);
  const chosen = useRef<string>(null);
  const lossHeading = <Tabs name="Loss or way back" place="lossOf" tabs={lossTabs} chosen={chosen} />;
  const accuracyHeading = <Tabs name="Accuracy or answers" place="accuracyOf" tabs={accuracyTabs} chosen={chosen} />;
  const angleHeading = <Tabs name="Angle shown" place="angleOf" tabs={angleTabs} chosen={chosen} />;
  useEscape(view);
  const isShown = (place: Place): boolean => view.enlarged === null || view.enlarged === place;
  return (
    <section
      className={view.enlarged === null ? css.charts : `${css.charts} ${css.enlarged}`}
      style={view.enlarged === null ? undefined : ({ '--zoom': zoom } as CSSProperties)}
      aria-label="Charts"
      tabIndex={-1}
    >
      <EarlierRuns />
      {isShown('loss') && (
        <ChartGuard name="loss">
          {view.lossOf === 'way' ? (
            <WayBackChart heading={lossHeading} />
          ) : (
            <Chart spec={specs.loss} place="loss" heading={lossHeading} tools={<LogToggle />} />
          )}
        </ChartGuard>
      )}
      {isShown('angle') && (
        <ChartGuard name="alignment">
          {view.angleOf === 'synapses' ? (
            <SynapsesChart heading={angleHeading} />
          ) : (
            <Chart key={view.angleOf} spec={specs[view.angleOf]} place="angle" heading={angleHeading} />
          )}
        </ChartGuard>
      )}
      {isShown('accuracy') && (
        <ChartGuard name="accuracy">
          {view.accuracyOf === 'answers' ? (
            <AnswersChart heading={accuracyHeading} />
          ) : (
            <Chart spec={specs.accuracy} place="accuracy" heading={accuracyHeading} />
          )}
        </ChartGuard>
      )}
      {isShown('ratio') && (
        <ChartGuard name="norm ratio">
          <Chart spec={specs.ratio} place="ratio" />
        </ChartGuard>
      )}
    </section>
  );
}

function LogToggle() {
  const lab = useLab();
  const view = useLabState((state) => state.view);
  return (
    <Tip text="Logarithmic loss axis">
      <button
        type="button"
        className={css.tool}
        aria-pressed={view.logLoss}
        aria-label="Logarithmic loss axis"
        onClick={() => lab.store.setState({ view: { ...view, logLoss: !view.logLoss } })}
      >
        log
      </button>
    </Tip>
  );
}

type Tabbed = 'lossOf' | 'angleOf' | 'accuracyOf';
type TabSet<Place extends Tabbed> = Readonly<
  Record<View[Place], { readonly title: string; readonly explanation: string }>
>;

const lossTabs: TabSet<'lossOf'> = { loss: specs.loss, way: wayBackTab };
const angleTabs: TabSet<'angleOf'> = { angle: specs.angle, update: specs.update, synapses: synapsesTab };

const accuracyTabs: TabSet<'accuracyOf'> = { accuracy: specs.accuracy, answers: answersTab };

interface TabsProps<Place extends Tabbed> {
  readonly name: string;
  readonly place: Place;
  readonly tabs: TabSet<Place>;
  /** The tab that the keyboard has just chosen: it goes away with its chart, and the one in its place takes the focus. */
  readonly chosen: RefObject<string | null>;
}

/** What is on show in one place; stands in place of a chart's title. */
function Tabs<Place extends Tabbed>({ name, place, tabs, chosen }: TabsProps<Place>) {
  const lab = useLab();
  const view = useLabState((state) => state.view);
  return (
    <div className={css.tabs} role="group" aria-label={name}>
      {(Object.keys(tabs) as View[Place][]).map((id) => (
        <Tip key={id} text={tabs[id].explanation} tap={view[place] === id}>
          <button
            type="button"
            ref={(button) => {
              if (button === null || chosen.current !== id) return;
              chosen.current = null;
              button.focus();
            }}
            className={css.tab}
            aria-pressed={view[place] === id}
            onClick={({ detail }) => {
              if (detail === 0 && view[place] !== id) chosen.current = id;
              lab.store.setState({ view: { ...view, [place]: id } });
            }}
          >
            {tabs[id].title}
          </button>
        </Tip>
      ))}
    </div>
  );
}

/** Keeps a chart that fails from taking the page, and the run, with it. */
function ChartGuard({ name, children }: { name: string; children: ReactNode }) {
  return <Guard text={`The ${name} chart could not be drawn. Training goes on.`}>{children}</Guard>;
}
