import { expect, test, vi } from 'vitest';
import { keysChoice } from './choices.ts';
import { Bench } from './lab-testing.ts';
import { listenForShortcuts } from './shortcuts.ts';
import { startOver } from './start-over.ts';

const press = (key: string): boolean =>
  document.body.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true }));

test('what loses more than an epoch has to be pressed twice, by key or by button', async () => {
  const bench = new Bench();
  const stop = listenForShortcuts(bench.lab, () => undefined);
  const toast = vi.spyOn(bench.lab.notices.toasts, 'add');
  const loads = (): number => bench.calls.filter((call) => call.startsWith('load')).length;
  const stand = (step: number): void =>
    bench.store.setState({ status: { ...bench.at(step, 'paused'), stepsPerEpoch: 100 } });
  await bench.begin(0);
  stand(100);
  press('r');
  await vi.waitFor(() => expect(loads()).toBe(1));
  stand(101);
  press('r');
  startOver(bench.lab, 'New seed');
  expect(toast).toHaveBeenCalledTimes(2);
  expect(loads()).toBe(1);
  press('n');
  await vi.waitFor(() => expect(loads()).toBe(2));
  stop();
});

test('starting over closes what was told of the run before', async () => {
  const bench = new Bench();
  await bench.begin();
  const close = vi.spyOn(bench.lab.notices.toasts, 'close');
  bench.lab.notices.toast('This run is finished.');
  startOver(bench.lab, 'Reset');
  // All of them.
  expect(close).toHaveBeenCalledWith();
});

test('the second press comes too late after a while', async () => {
  const bench = new Bench();
  await bench.begin();
  vi.useFakeTimers();
  startOver(bench.lab, 'Reset');
  vi.advanceTimersByTime(5000);
  startOver(bench.lab, 'Reset');
  vi.useRealTimers();
  expect(bench.calls).toEqual([]);
});

test('single keys can be switched off', async () => {
  const bench = new Bench();
  const help = vi.fn<() => void>();
  const stop = listenForShortcuts(bench.lab, help);
  keysChoice.value = 'off';
  press('?');
  expect(help).not.toHaveBeenCalled();
  keysChoice.value = 'on';
  press('?');
  expect(help).toHaveBeenCalledTimes(1);
  stop();
});
