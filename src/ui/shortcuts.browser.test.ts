import { expect, test, vi } from 'vitest';
import { keysChoice } from './choices.ts';
import { Bench } from './lab-testing.ts';
import { listenForShortcuts } from './shortcuts.ts';

const press = (key: string): boolean =>
  document.body.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true }));

test('a key that loses a run has to be pressed twice once there is something to lose', async () => {
  const bench = new Bench();
  const stop = listenForShortcuts(bench.lab, () => undefined);
  const toast = vi.spyOn(bench.lab.notices.toasts, 'add');
  const loads = (): number => bench.calls.filter((call) => call.startsWith('load')).length;
  await bench.lab.open();
  press('r');
  await vi.waitFor(() => expect(loads()).toBe(2));
  await bench.begin();
  press('r');
  press('n');
  expect(toast).toHaveBeenCalledTimes(2);
  expect(bench.calls).toEqual([]);
  press('n');
  await vi.waitFor(() => expect(loads()).toBe(1));
  stop();
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
