import { beforeEach, describe, expect, test, vi } from 'vitest';
import { Bench } from './lab-testing.ts';

let bench = new Bench();
beforeEach(() => {
  vi.useFakeTimers();
  bench = new Bench();
  return () => vi.useRealTimers();
});

describe('an edit', () => {
  test('of a live setting becomes one command and one mark, however fast it moves', async () => {
    await bench.begin();
    for (const rate of [0.02, 0.03, 0.04]) bench.lab.draft.edit('rate', rate);
    await vi.advanceTimersByTimeAsync(100);
    expect(bench.calls).toEqual(['tune {"rate":0.04}']);
    expect(bench.history.marks).toMatchObject([{ step: 100, label: 'learning rate 0.04' }]);
    expect(bench.store.getState().loaded?.rate).toBe(0.04);
  });

  test('of a live setting waits for the one that is being carried out', async () => {
    await bench.begin();
    let carryOut: () => void = () => undefined;
    bench.busy = new Promise((resolve) => {
      carryOut = resolve;
    });
    for (const sparsity of [0.1, 0.2, 0.3, 0.4]) {
      bench.lab.draft.edit('sparsity', sparsity);
      await vi.advanceTimersByTimeAsync(100);
    }
    expect(bench.calls).toEqual(['tune {"sparsity":0.1}']);
    carryOut();
    await vi.advanceTimersByTimeAsync(100);
    expect(bench.calls).toEqual(['tune {"sparsity":0.1}', 'tune {"sparsity":0.4}']);
  });

  test('of a live setting that is refused goes back', async () => {
    await bench.begin();
    bench.refuse = 'tune {"rate":0.04}';
    bench.lab.draft.edit('rate', 0.04);
    await vi.advanceTimersByTimeAsync(100);
    expect(bench.store.getState().experiment.rate).toBe(0.01);
    expect(bench.store.getState().fault?.text).toBe('Refused.');
  });

  test('of a restart setting never touches a run that has begun', async () => {
    await bench.begin();
    bench.lab.draft.edit('seed', 8);
    await vi.advanceTimersByTimeAsync(1000);
    expect(bench.calls).toEqual([]);
    bench.lab.draft.discard();
    expect(bench.store.getState().experiment.seed).toBe(1);
  });

  test('of a restart setting loads at once while there is nothing to lose', async () => {
    await bench.lab.open();
    bench.lab.draft.edit('seed', 8);
    bench.lab.draft.edit('seed', 9);
    await vi.advanceTimersByTimeAsync(1000);
    expect(bench.calls).toEqual(['load pfa seed seed 1', 'load pfa seed seed 9']);
  });
});

test('an edit at step 0 of a training loads another network, which is trained', async () => {
  await bench.lab.open();
  await bench.lab.train();
  bench.send({ status: bench.at(0, 'running') });
  bench.calls.length = 0;
  bench.lab.draft.edit('seed', 8);
  await vi.advanceTimersByTimeAsync(1000);
  expect(bench.calls).toEqual(['load pfa seed seed 8', 'start']);
});

test('to discard refused settings brings back those of the run, and the run is intact', async () => {
  await bench.begin();
  bench.refuse = 'load pfa seed seed 8';
  bench.lab.draft.edit('seed', 8);
  await bench.lab.restart('seed');
  expect(bench.store.getState()).toMatchObject({ fault: { text: 'Refused.' }, loaded: { seed: 1 } });
  bench.lab.draft.discard();
  expect(bench.store.getState()).toMatchObject({ fault: null, experiment: { seed: 1 } });
  expect(bench.history.of('testLoss')[0].length).toBe(2);
});

test('the fault goes away once the refused setting is set back by hand', async () => {
  await bench.begin();
  bench.refuse = 'load pfa seed seed 8';
  bench.lab.draft.edit('seed', 8);
  await bench.lab.restart('seed');
  bench.lab.draft.edit('batch', 32);
  bench.lab.draft.edit('seed', 1);
  expect(bench.store.getState().fault).not.toBeNull();
  bench.lab.draft.edit('batch', 64);
  expect(bench.store.getState().fault).toBeNull();
});

test('Step and Train wait until the latest live settings are in force', async () => {
  await bench.begin();
  bench.lab.draft.edit('rate', 0.05);
  await bench.lab.step();
  bench.lab.draft.edit('epochs', 7);
  await bench.lab.train();
  expect(bench.calls).toEqual(['tune {"rate":0.05}', 'step', 'tune {"epochs":7}', 'start']);
});

test('a live setting that is refused does not undo a newer value', async () => {
  await bench.begin();
  let done = (): void => undefined;
  bench.busy = new Promise((resume) => (done = resume));
  bench.refuse = 'tune {"rate":0.5}';
  bench.lab.draft.edit('rate', 0.5);
  await vi.advanceTimersByTimeAsync(100);
  bench.lab.draft.edit('rate', 0.02);
  done();
  await vi.advanceTimersByTimeAsync(200);
  expect(bench.calls).toEqual(['tune {"rate":0.5}', 'tune {"rate":0.02}']);
  expect(bench.store.getState()).toMatchObject({ experiment: { rate: 0.02 }, loaded: { rate: 0.02 } });
});
