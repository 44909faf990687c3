import type { ReactNode } from 'react';
import { useLab, useLabState } from '../context.ts';
import { Guard } from '../controls/guard.tsx';
import { Tip } from '../controls/tip.tsx';
import css from './chart.module.css';
import { Chart } from './chart.tsx';
import { EarlierRuns } from './earlier-runs.tsx';
import { specs } from './specs.ts';
import { SynapsesChart, synapsesTab } from '../synapses/synapses-chart.tsx';
import { WayBackChart, wayBackTab } from '../way-back/way-back-chart.tsx';
import type { View } from '../store.ts';

/** The four charts. */
export function Charts() {
  const view = useLabState((state) => state.view);
  return (
    <section className={css.charts} aria-label="Charts" tabIndex={-1}>
      <EarlierRuns />
      <ChartGuard name="loss">
        {view.lossOf === 'way' ? (
          <WayBackChart heading={<LossTabs />} />
        ) : (
          <Chart spec={specs.loss} heading={<LossTabs />} tools={<LogToggle />} />
        )}
      </ChartGuard>
      <ChartGuard name="alignment">
        {view.angleOf === 'synapses' ? (
          <SynapsesChart heading={<AngleTabs />} />
        ) : (
          <Chart key={view.angleOf} spec={specs[view.angleOf]} heading={<AngleTabs />} />
        )}
      </ChartGuard>
      <ChartGuard name="accuracy">
        <Chart spec={specs.accuracy} />
      </ChartGuard>
      <ChartGuard name="norm ratio">
        <Chart spec={specs.ratio} />
      </ChartGuard>
    </section>
  );
}

const LossTabs = () => <Tabs name="Loss or way back" place="lossOf" tabs={lossTabs} />;
const AngleTabs = () => <Tabs name="Angle shown" place="angleOf" tabs={angleTabs} />;

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

type Tabbed = 'lossOf' | 'angleOf';
type TabSet<Place extends Tabbed> = Readonly<
  Record<View[Place], { readonly title: string; readonly explanation: string }>
>;

const lossTabs: TabSet<'lossOf'> = { loss: specs.loss, way: wayBackTab };
const angleTabs: TabSet<'angleOf'> = { angle: specs.angle, update: specs.update, synapses: synapsesTab };

/** What is on show in one place; stands in place of a chart's title. */
function Tabs<Place extends Tabbed>({ name, place, tabs }: { name: string; place: Place; tabs: TabSet<Place> }) {
  const lab = useLab();
  const view = useLabState((state) => state.view);
  return (
    <div className={css.tabs} role="group" aria-label={name}>
      {(Object.keys(tabs) as View[Place][]).map((id) => (
        <Tip key={id} text={tabs[id].explanation}>
          <button
            type="button"
            className={css.tab}
            aria-pressed={view[place] === id}
            onClick={() => lab.store.setState({ view: { ...view, [place]: id } })}
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
