import { createElement } from 'react';
import { createRoot } from 'react-dom/client';
import { expect, test, vi } from 'vitest';
import { ChartTable } from './chart-table.tsx';
import { History } from './history.ts';
import { sceneOf } from './scene-testing.ts';
import { specs } from './specs.ts';

const none = new Float32Array(0);
const result = (step: number, loss: number) => ({
  train: none,
  test: new Float32Array([step, loss, 0.5]),
  alignment: none,
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
