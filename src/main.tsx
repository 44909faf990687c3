import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { parseFragment } from './model/codec.ts';
import { App } from './ui/app.tsx';
import './ui/base.css';
import { EarlierShelf, keepEarlier } from './ui/charts/earlier-shelf.ts';
import { History } from './ui/charts/history.ts';
import { Redraw } from './ui/charts/redraw.ts';
import { PageContext } from './ui/context.ts';
import { Guard } from './ui/controls/guard.tsx';
import { syncFragment } from './ui/fragment.ts';
import { Lab } from './ui/lab.ts';
import { askBeforeLeaving } from './ui/leaving.ts';
import { openSession } from './ui/session.ts';
import { createLabStore } from './ui/store.ts';
import { restoreTheme } from './ui/theme.ts';

restoreTheme();

const { experiment, notices } = parseFragment(location.hash);
const store = createLabStore(experiment);
const redraw = new Redraw();
const lab = new Lab(store, new History(), openSession, (drawn) => redraw.request(drawn));
lab.notices.notifyOfSettings(notices);
syncFragment(store, lab.draft.adopt);
const shelf = new EarlierShelf();
askBeforeLeaving(store, shelf);
void keepEarlier(shelf, lab);
store.subscribe((state, before) => {
  if (state.cursor !== before.cursor || state.anchor !== before.anchor) redraw.request();
});

const root = document.getElementById('root');
if (root === null) throw new Error('index.html has no #root.');
createRoot(root).render(
  <StrictMode>
    <PageContext value={{ lab, redraw }}>
      <Guard text="The page could not be drawn. The run goes on behind it.">
        <App />
      </Guard>
    </PageContext>
  </StrictMode>,
);
void lab.open();
