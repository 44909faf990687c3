import { beforeEach, describe, expect, test, vi } from 'vitest';
import { defaultsFor } from '../model/fields.ts';
import { Bench } from './lab-testing.ts';

let bench = new Bench();
beforeEach(() => {
  vi.useFakeTimers();
  bench = new Bench();
  return () => vi.useRealTimers();
});

test('when a run goes back to a copy, as its GPU was lost, its curves go back to that step', async () => {
  await bench.begin();
  bench.send({ back: 50, test: new Float32Array([60, 1, 0.5]) });
  const { samples } = bench.history.of('testLoss')[0];
  expect([...samples.x.subarray(0, samples.length)]).toEqual([0, 60]);
});

describe('another rule', () => {
  test('waits for the user once the run has begun, then goes on from the present weights', async () => {
    await bench.begin();
    bench.lab.draft.chooseRule('fa');
    await vi.advanceTimersByTimeAsync(1000);
    expect(bench.calls).toEqual([]);
    expect(bench.store.getState().announcement).toMatch(/learns by PFA\. FA waits/);
    await bench.lab.restart('present');
    expect(bench.calls).toEqual(['load fa present seed 1']);
    // What PFA has taught may still be on its way.
    bench.send({ part: 0, test: new Float32Array([100, 0.2, 0.8]) });
    bench.send({ alignment: new Float32Array([100, 80, 1, 5, 80, 1, 5, 80, 1, 5]) });
    expect(bench.history.segments).toEqual([
      { step: 0, rule: 'pfa' },
      { step: 100, rule: 'fa' },
    ]);
    const [loss, angle] = (['testLoss', 'angle'] as const).map((metric) => bench.history.of(metric)[0]);
    expect([loss.length, angle.length]).toEqual([3, 1]);
    expect([loss.partOf(2), angle.partOf(0)]).toEqual([0, 1]);
  });

  test('that takes over late has its early phase from there on', async () => {
    await bench.begin();
    bench.send({ status: { ...bench.at(2000, 'paused'), stepsPerEpoch: 937 } });
    bench.lab.draft.chooseRule('fa');
    await bench.lab.restart('present');
    // FA has none.
    expect(bench.store.getState().loaded).toMatchObject({ rule: 'fa', earlyEpochs: 1 });
    bench.lab.draft.chooseRule('pfa');
    await bench.lab.restart('present');
    expect(bench.store.getState().loaded).toMatchObject({ rule: 'pfa', earlyEpochs: 3.2, earlyDecay: 0.03 });
    // That is this run's: the next one, by whatever rule, has it at its start again.
    await bench.lab.reset();
    expect(bench.store.getState()).toMatchObject({ loaded: { earlyEpochs: 1 }, experiment: { earlyEpochs: 1 } });
  });

  test('a run that is done goes on under it for as many epochs again, or trains anew at once', async () => {
    await bench.begin();
    bench.send({ status: bench.at(200, 'finished') });
    bench.lab.draft.chooseRule('bp');
    await bench.lab.restart('present');
    expect(bench.calls).toEqual(['load bp present seed 1', 'start']);
    expect(bench.store.getState()).toMatchObject({ loaded: { rule: 'bp', epochs: 80 }, experiment: { epochs: 80 } });
    bench.send({ status: bench.at(400, 'finished') });
    await bench.lab.restart('seed');
    expect(bench.calls.slice(2)).toEqual(['load bp seed seed 1', 'start']);
    expect(bench.store.getState().loaded?.epochs).toBe(80);
  });

  test('that restarts a running network leaves it running', async () => {
    await bench.begin();
    await bench.lab.train();
    bench.lab.draft.chooseRule('bp');
    await bench.lab.restart('seed');
    expect(bench.calls).toEqual(['start', 'load bp seed seed 1', 'start']);
    expect(bench.history.isEmpty).toBe(true);
  });

  test('brings its recommended settings along', async () => {
    await bench.lab.open();
    bench.lab.draft.chooseRule('bp');
    await vi.advanceTimersByTimeAsync(1000);
    expect(bench.store.getState().loaded).toEqual(defaultsFor('bp'));
  });
});

test('the settings that a new rule brings along are marked where it takes over', async () => {
  await bench.begin();
  bench.lab.draft.chooseRule('fa');
  await bench.lab.restart('present');
  bench.send({});
  const labels = bench.history.marks.map(({ step, label }) => `${step} ${label}`);
  expect(labels).toContain('100 early weight decay 0.0001');
  expect(labels.at(-1)).toBe('100 FA');
});

test('the newest test is the run’s own, and no longer told where another begins, whatever news comes first', async () => {
  await bench.begin();
  expect(bench.store.getState().tested).toEqual({ accuracy: expect.closeTo(0.9) as number, step: 100 });
  bench.early = [{ run: 2, status: bench.at(0, 'ready') }];
  await bench.lab.reset();
  expect(bench.store.getState().tested).toBeNull();
});

test('a restart keeps the earlier run on the charts until it is removed', async () => {
  await bench.begin();
  bench.lab.draft.chooseRule('fa');
  await bench.lab.restart('seed');
  expect(bench.history.isEmpty).toBe(true);
  expect(bench.store.getState().earlier).toMatchObject([
    { number: 1, lastStep: 100, experiment: { rule: 'pfa' }, segments: [{ step: 0, rule: 'pfa' }] },
  ]);
  bench.lab.run.forget(bench.store.getState().earlier);
  expect(bench.store.getState().earlier).toEqual([]);
});

test('an earlier run keeps its steps per epoch, even if the next run’s frames come before the answer to load', async () => {
  await bench.begin();
  bench.early = [{ run: 2, status: { ...bench.at(0, 'ready'), stepsPerEpoch: 468 } }];
  bench.lab.draft.edit('batch', 128);
  await bench.lab.restart('seed');
  expect(bench.store.getState().earlier).toMatchObject([{ experiment: { batch: 64 }, stepsPerEpoch: 937 }]);
});

test('an opened run that was not trained on is kept with the settings of its file', async () => {
  await bench.begin();
  const tables = {
    train: { width: 5, numbers: new Float32Array([10, 2, 1, 3, 0.5, 40, 1, 1, 1, 0.7]) },
    test: { width: 3, numbers: new Float32Array() },
    alignment: { width: 10, numbers: new Float32Array() },
  };
  const segments = [{ step: 0, rule: 'fa', starts: { train: 0, test: 0, alignment: 0 } }];
  bench.curves = { tables, segments, changes: [] };
  await bench.lab.resume({ name: 'a.safetensors', bytes: new Uint8Array(8) });
  bench.send({ status: bench.at(40, 'paused') });
  bench.lab.draft.edit('rate', 0.5);
  await vi.advanceTimersByTimeAsync(100);
  await bench.lab.reset();
  expect(bench.store.getState().earlier.at(-1)).toMatchObject({ experiment: { rule: 'fa', rate: 0.01 }, lastStep: 40 });
});

test('an earlier run is kept with the settings that it trained with, not with later edits', async () => {
  await bench.begin();
  bench.send({ status: bench.at(100, 'paused'), train: new Float32Array([100, 2, 1, 3, 0.5]) });
  bench.lab.draft.edit('rate', 0.5);
  await vi.advanceTimersByTimeAsync(100);
  expect(bench.history.marks).toHaveLength(1);
  await bench.lab.reset();
  expect(bench.store.getState().earlier).toMatchObject([{ experiment: { rate: 0.01 }, marks: [] }]);
  expect(bench.store.getState().loaded?.rate).toBe(0.5);
});
