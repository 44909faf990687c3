import { beforeEach, expect, test, vi } from 'vitest';
import { recommended } from '../model/presets.ts';
import { Bench } from './lab-testing.ts';

let bench: Bench;
beforeEach(async () => {
  vi.useFakeTimers();
  bench = new Bench();
  await bench.begin();
});

const loads = (): string[] => bench.calls.filter((call) => /^(load|start)/.test(call));
const turns = (): unknown => bench.store.getState().turns;

/** The run that trains has come to its end. */
async function finish(): Promise<void> {
  bench.send({ status: bench.at(200, 'finished'), train: new Float32Array([1, 2, 1, 3, 0.1, 200, 2, 1, 3, 0.5]) });
  await vi.advanceTimersByTimeAsync(0);
}

test('rules train one after the other from the same seed, each with what is recommended for it, and stay to be compared', async () => {
  await bench.lab.turns.begin(['bp', 'dfa', 'kp'], 3);
  expect(turns()).toEqual({ rules: ['bp', 'dfa', 'kp'], epochs: 3, at: 0 });
  await finish();
  await finish();
  expect(turns()).toMatchObject({ at: 2 });
  const { experiment, loaded } = bench.store.getState();
  expect(loaded).toEqual({ ...recommended('kp', experiment.layers), epochs: 3 });
  await finish();
  expect(turns()).toBeNull();
  expect(loads()).toEqual(['bp', 'dfa', 'kp'].flatMap((rule) => [`load ${rule} seed seed 1`, 'start']));
  const others = bench.store.getState().earlier.map((run) => [run.experiment.rule, run.lastStep]);
  expect(others).toEqual([
    ['pfa', 100],
    ['bp', 200],
    ['dfa', 200],
  ]);
});

test('a rule whose loss is no number makes way for the next, another fault does not', async () => {
  await bench.lab.turns.begin(['dfa', 'bp', 'kp'], 3);
  bench.send({ status: { ...bench.at(50, 'fault'), fault: { kind: 'diverged', text: 'No number.' } } });
  await vi.advanceTimersByTimeAsync(0);
  expect(turns()).toMatchObject({ at: 1 });
  bench.send({ status: { ...bench.at(50, 'fault'), fault: { kind: 'device-lost', text: 'Gone.' } } });
  await vi.advanceTimersByTimeAsync(0);
  expect(turns()).toMatchObject({ at: 1 });
  expect(bench.store.getState().fault?.text).toBe('Gone.');
});

test('a rule that the network does not allow is left out, which is told', async () => {
  bench.refuse = 'load pal seed seed 1';
  await bench.lab.turns.begin(['bp', 'pal', 'kp'], 3);
  await finish();
  expect(turns()).toMatchObject({ at: 2 });
  expect(bench.store.getState()).toMatchObject({ loaded: { rule: 'kp' }, fault: null });
  expect(bench.store.getState().notices.map(({ text }) => text)).toEqual(['PAL was left out: Refused.']);
});

test('a pause holds its rule’s turn, which goes on with the training', async () => {
  await bench.lab.turns.begin(['bp', 'kp'], 3);
  await bench.lab.pause();
  bench.send({ status: bench.at(40, 'paused') });
  expect(turns()).toMatchObject({ at: 0 });
  await bench.lab.train();
  await finish();
  expect(turns()).toMatchObject({ at: 1 });
});

test('the next rule need not be waited for, and whoever trains one of his own ends the turns', async () => {
  await bench.lab.turns.begin(['bp', 'kp', 'fa'], 3);
  await bench.lab.turns.next();
  expect(bench.store.getState().loaded?.rule).toBe('kp');
  bench.lab.draft.chooseRule('pfa');
  await bench.lab.restart('seed');
  expect(turns()).toBeNull();
  await finish();
  expect(bench.store.getState().loaded?.rule).toBe('pfa');
});

test('a run that is over before it is known to have started makes way, too', async () => {
  bench.whenStarted = () => bench.send({ status: bench.at(200, 'finished') });
  await bench.lab.turns.begin(['bp', 'kp'], 3);
  expect(turns()).toBeNull();
  expect(bench.store.getState().loaded?.rule).toBe('kp');
});

test('who begins other turns, or goes on to the next, while a network is being built has the last word', async () => {
  let build: () => void = () => undefined;
  bench.building = new Promise((resolve) => {
    build = resolve;
  });
  const first = bench.lab.turns.begin(['pfa', 'kp'], 3);
  await vi.advanceTimersByTimeAsync(0);
  const second = bench.lab.turns.begin(['fa', 'dfa', 'bp'], 2);
  const next = bench.lab.turns.next();
  build();
  await Promise.all([first, second, next]);
  expect(bench.store.getState()).toMatchObject({ loaded: { rule: 'dfa', epochs: 2 }, turns: { at: 1 } });
  await finish();
  expect(bench.store.getState()).toMatchObject({ loaded: { rule: 'bp' }, turns: { at: 2 } });
});

test('who stays with a rule while it is being built does so', async () => {
  const begun = bench.lab.turns.begin(['kp', 'fa'], 3);
  bench.lab.turns.end();
  await begun;
  await finish();
  expect(bench.store.getState()).toMatchObject({ loaded: { rule: 'kp' }, turns: null });
});
