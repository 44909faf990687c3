import { createElement } from 'react';
import { createRoot } from 'react-dom/client';
import { expect, test, vi } from 'vitest';
import { ChartTable } from './chart-table.tsx';
import { History } from './history.ts';
import type { Scene } from './model.ts';
import { resultsOf, sceneOf } from './scene-testing.ts';
import { specs } from './specs.ts';

const none = new Float32Array(0);
const result = (step: number, loss: number) => ({
  train: none,
  test: new Float32Array([step, loss, 0.5]),
  alignment: none,
});

test('the table of a stretch says that it is one', async () => {
  const scene = resultsOf(Array.from({ length: 8 }, () => [1, 0.5]));
  const place = document.body.appendChild(document.createElement('div'));
  const root = createRoot(place);
  const told = async (steps: Scene['steps']): Promise<string> => {
    const model = specs.loss.model({ ...scene, steps });
    const key = String(steps);
    root.render(createElement(ChartTable, { key, spec: specs.loss, model, replicas: 1, close: () => undefined }));
    await vi.waitFor(() => expect(document.querySelectorAll('tbody tr')).toHaveLength(steps === null ? 8 : 3));
    return document.querySelector('[role=dialog] p')?.textContent ?? '';
  };
  expect(await told([200, 400])).toMatch(/Of the run only the steps on show, 200 to 400\.$/);
  expect(await told(null)).not.toContain('on show');
  root.unmount();
  place.remove();
});

test('a table stays as it was opened while the run goes on', async () => {
  const history = new History();
  history.restart('bp', ['layer 1'], 1);
  history.append(result(0, 2.5));
  const place = document.body.appendChild(document.createElement('div'));
  const root = createRoot(place);
  const render = (title: string): void => {
    const spec = { ...specs.loss, title };
    root.render(
      createElement(ChartTable, { spec, model: spec.model(sceneOf(history)), replicas: 1, close: () => undefined }),
    );
  };
  const rows = (): string[] => [...document.querySelectorAll('tbody tr')].map((row) => row.textContent ?? '');
  render('Before');
  await vi.waitFor(() => expect(rows()).toEqual(['02.500']));
  history.append(result(100, 1));
  render('After');
  await vi.waitFor(() => expect(document.querySelector('h2')?.textContent).toBe('After'));
  expect(rows()).toEqual(['02.500']);
  root.unmount();
  place.remove();
});
