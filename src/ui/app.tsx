import { Toast } from '@base-ui/react/toast';
import { Tooltip } from '@base-ui/react/tooltip';
import { useCallback, useEffect, useState, type CSSProperties } from 'react';
import css from './app.module.css';
import { ruleOf } from '../model/rules/index.ts';
import { Charts } from './charts/charts.tsx';
import { ruleToken } from './charts/palette.ts';
import { useLab, useLabState } from './context.ts';
import { Toasts } from './controls/toasts.tsx';
import { DropZone } from './files/drop-zone.tsx';
import { Banners } from './panels/banners.tsx';
import { epochAt } from './panels/epoch.ts';
import { Header } from './panels/header.tsx';
import { HelpDialog } from './panels/help-dialog.tsx';
import { RulePanel } from './panels/rule-panel.tsx';
import { RestartBar, Settings } from './panels/settings.tsx';
import { listenForShortcuts } from './shortcuts.ts';

/** The tab's title tells how far the run is: it goes on while the tab is hidden. */
function Title() {
  const { name } = ruleOf(useLabState((state) => (state.loaded ?? state.experiment).rule));
  const epoch = useLabState(({ status, loaded, experiment }) =>
    epochAt(status.step, status.stepsPerEpoch, (loaded ?? experiment).epochs),
  );
  const phase = useLabState((state) => state.status.phase);
  useEffect(() => {
    const progress = { running: `epoch ${epoch} · ${name} · `, finished: `done · ${name} · ` }[phase as string] ?? '';
    document.title = `${progress}Feedback Lab`;
  }, [name, epoch, phase]);
  return null;
}

/** What a screen reader tells. */
function Announcer() {
  return (
    <p className="visually-hidden" aria-live="polite">
      {useLabState((state) => state.announcement)}
    </p>
  );
}

/** The page. */
export function App() {
  const lab = useLab();
  const [help, setHelp] = useState(false);
  const rule = useLabState((state) => (state.loaded ?? state.experiment).rule);
  const showHelp = useCallback(() => setHelp(true), []);
  useEffect(() => listenForShortcuts(lab, showHelp), [lab, showHelp]);
  return (
    <Tooltip.Provider delay={500}>
      <Toast.Provider toastManager={lab.notices.toasts} timeout={4000}>
        <div className={css.page} style={{ '--accent': `var(${ruleToken(rule)}, var(--ink-soft))` } as CSSProperties}>
          <Header showHelp={showHelp} />
          <Banners />
          <main className={css.main}>
            <div className={css.side} tabIndex={-1}>
              <RulePanel />
              <Settings />
              <RestartBar />
            </div>
            <Charts />
          </main>
        </div>
        {help && <HelpDialog close={() => setHelp(false)} />}
        <Title />
        <Announcer />
        <DropZone />
        <Toasts />
      </Toast.Provider>
    </Tooltip.Provider>
  );
}
