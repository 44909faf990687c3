import { act, createElement } from 'react';
import { createRoot, type Root } from 'react-dom/client';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { parseNetwork } from '../../model/network.ts';
import { Redraw } from '../charts/redraw.ts';
import { PageContext } from '../context.ts';
import { Bench } from '../lab-testing.ts';
import { SlowRun } from './slow-run.tsx';

// `act` is for tests only, and React wants to hear that this is one.
Object.assign(globalThis, { IS_REACT_ACT_ENVIRONMENT: true });

const place = document.createElement('div');
let root: Root;
let bench = new Bench();

beforeEach(async () => {
  root = createRoot(place);
  bench = new Bench();
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  const value = { lab: bench.lab, redraw: new Redraw() };
  await act(async () => root.render(createElement(PageContext, { value }, createElement(SlowRun))));
  await bench.begin();
  await bench.lab.train();
  bench.calls.length = 0;
});

afterEach(() => {
  root.unmount();
  vi.useRealTimers();
});

/** The worker says how long it will take, and the page has had the time to believe it. */
async function lasts(eta: number): Promise<void> {
  // Each lets React draw and run its effects, which may set timers.
  await act(async () => bench.send({ status: { ...bench.at(200, 'running'), eta } }));
  await act(async () => vi.advanceTimersByTime(200));
  await act(async () => vi.advanceTimersByTime(5000));
}

const button = (name: RegExp): HTMLButtonElement | undefined =>
  [...place.querySelectorAll('button')].find((each) => name.test(each.ariaLabel ?? each.textContent));

test('a run of half an hour is offered as a smaller one, which starts at once', async () => {
  await lasts(1620);
  expect(place.textContent).toContain('About 27 minutes left');
  expect(place.textContent).toContain('expansion ratio 4, 3 epochs');
  // The first estimates are far off, and the header has the present one.
  await lasts(2400);
  expect(place.textContent).toContain('About 40 minutes left');
  button(/^Restart/)?.click();
  await vi.waitFor(() => expect(bench.calls).toEqual(['load pfa seed seed 1', 'start']));
  const layers = parseNetwork('64-64');
  expect(bench.store.getState().loaded).toMatchObject({ rule: 'pfa', layers, expansion: 4, epochs: 3 });
  expect(place.textContent).toBe('');
});

test('a run of a few minutes is left alone, and so is who has put the offer away', async () => {
  await lasts(400);
  expect(place.textContent).toBe('');
  await lasts(1620);
  button(/^Dismiss/)?.click();
  await lasts(400);
  await lasts(1620);
  expect(place.textContent).toBe('');
});

test('nothing is offered beside a fault, nor for a network of convolutions', async () => {
  bench.store.setState({ fault: { kind: 'data', text: 'Broken.' } });
  await lasts(1620);
  expect(place.textContent).toBe('');
  const { experiment } = bench.store.getState();
  bench.store.setState({ fault: null, loaded: { ...experiment, layers: parseNetwork('c8k3s2-flat-512') } });
  await lasts(1620);
  expect(place.textContent).toBe('');
});
