import { createElement } from 'react';
import { createRoot } from 'react-dom/client';
import { expect, test, vi } from 'vitest';
import { PageContext } from '../context.ts';
import { Bench } from '../lab-testing.ts';
import { Redraw } from './redraw.ts';
import { specs } from './specs.ts';
import { useChartModel } from './use-chart-model.ts';

/** Says how many test results the page knows of. */
function Count() {
  return String(useChartModel(specs.loss).current().lines[1].data.length);
}

test('what comes right behind something else is shown, although nothing comes after it', async () => {
  const bench = new Bench();
  const redraw = new Redraw();
  await bench.begin();
  const place = document.createElement('p');
  const root = createRoot(place);
  root.render(createElement(PageContext, { value: { lab: bench.lab, redraw } }, createElement(Count)));
  await vi.waitFor(() => expect(place.textContent).toBe('2'));
  for (const step of [200, 300, 400]) {
    bench.send({ test: new Float32Array([step, 1, 0.5]) });
    redraw.request();
    await new Promise(requestAnimationFrame);
  }
  await vi.waitFor(() => expect(place.textContent).toBe('5'), { timeout: 2000 });
  root.unmount();
});
