import { beforeEach, describe, expect, test, vi } from 'vitest';
import { defaultExperiment, defaultsFor } from '../model/fields.ts';
import { Bench, network } from './lab-testing.ts';
import { idle, isTraining } from './store.ts';

let bench = new Bench();
beforeEach(() => {
  vi.useFakeTimers();
  bench = new Bench();
  return () => vi.useRealTimers();
});

describe('moving to another device', () => {
  test('takes the run along and goes on training', async () => {
    await bench.begin();
    await bench.lab.train();
    bench.send({ train: new Float32Array([5, 1, 1, 1, 0.5]), status: { ...idle, phase: 'running', step: 5 } });
    bench.calls.length = 0;
    await bench.lab.move('cpu');
    expect(bench.calls).toEqual(['move cpu', 'start']);
    expect(bench.store.getState()).toMatchObject({ device: { kind: 'cpu' }, loaded: defaultExperiment, fault: null });
    expect(bench.history.of('trainLoss')[0]?.length).toBe(1);
  });

  test('before there is a network opens the lab there', async () => {
    const load = `load ${defaultExperiment.rule} seed seed ${defaultExperiment.seed}`;
    bench.refuse = load;
    await bench.lab.open();
    expect(bench.store.getState().loaded).toBeNull();
    bench.refuse = null;
    await bench.lab.move('cpu');
    expect(bench.calls).toEqual([load, load]);
    expect(bench.store.getState().loaded).toEqual(defaultExperiment);
  });

  test('is paused afterwards if it was before', async () => {
    await bench.begin();
    await bench.lab.move('cpu');
    expect(bench.calls).toEqual(['move cpu']);
  });

  test('that is refused says why and stays where it is', async () => {
    await bench.begin();
    await bench.lab.train();
    bench.calls.length = 0;
    bench.refuse = 'move cpu';
    await bench.lab.move('cpu');
    expect(bench.calls).toEqual(['move cpu', 'start']);
    expect(bench.store.getState()).toMatchObject({ device: { kind: 'webgpu' }, fault: { text: 'Refused.' } });
  });

  test('that the worker makes by itself, after a loss, is seen', async () => {
    await bench.begin();
    const device = { kind: 'cpu', name: 'cpu', software: true, problem: 'no-adapter' } as const;
    bench.send({ status: { ...bench.at(9, 'running'), device } });
    expect(bench.store.getState()).toMatchObject({ device });
  });

  test('does not lose what was edited while it waited', async () => {
    await bench.lab.open();
    bench.calls.length = 0;
    const moved = bench.lab.move('cpu');
    bench.lab.edit('batch', 32);
    await moved;
    await vi.runAllTimersAsync();
    expect(bench.store.getState().loaded).toMatchObject({ batch: 32 });
  });
});

describe('loading', () => {
  test('opens the device and loads the experiment from its seed', async () => {
    await bench.lab.open();
    expect(bench.calls).toEqual(['load pfa seed seed 1']);
    expect(bench.store.getState()).toMatchObject({ loaded: defaultExperiment, network, fault: null });
  });

  test('Train waits for it', async () => {
    const opened = bench.lab.open();
    const training = bench.lab.train();
    expect(bench.store.getState().starting).toBe(true);
    await Promise.all([opened, training]);
    expect(bench.calls).toEqual(['load pfa seed seed 1', 'start']);
    expect(bench.store.getState().status.phase).toBe('running');
  });

  test('frames that overtake its answer are kept for the new run', async () => {
    bench.early = [{ run: 1, test: new Float32Array([0, 2.3, 0.1]) }];
    await bench.lab.open();
    expect(bench.history.of('testLoss')[0]?.length).toBe(1);
  });

  test('of several that wait only the last is carried out', async () => {
    await bench.begin();
    await Promise.all([bench.lab.newSeed(), bench.lab.newSeed(), bench.lab.newSeed()]);
    expect(bench.calls).toEqual(['load pfa seed seed 4']);
  });

  test('a refused one leaves the network and its curves', async () => {
    await bench.begin();
    bench.refuse = 'load pfa seed seed 2';
    await bench.lab.newSeed();
    expect(bench.store.getState()).toMatchObject({ loaded: defaultExperiment, fault: { kind: 'invalid' } });
    expect(bench.history.of('testLoss')[0]?.length).toBe(2);
  });
});

test('a build that fails is told of to who asked for it, and stops none that comes after', async () => {
  await bench.begin();
  bench.send({ status: bench.at(100, 'running') });
  vi.spyOn(bench.history, 'restart').mockImplementationOnce(() => {
    throw new RangeError('Out of memory.');
  });
  await expect(bench.lab.resume({ name: 'a.safetensors', bytes: new Uint8Array(8) })).rejects.toThrow(RangeError);
  expect(bench.store.getState().starting).toBe(false);
  await bench.lab.reset();
  expect(bench.calls.at(-1)).toBe('load fa seed seed 9');
  expect(bench.store.getState().status.phase).toBe('ready');
});

test('what is saved is of the step that the worker says, which may not be the newest', async () => {
  await bench.begin(90);
  bench.send({ status: bench.at(100, 'running') });
  expect(await bench.lab.save()).toMatchObject({ step: 90 });
  expect(bench.store.getState().savedStep).toBe(90);
});

test('which data sets can be had is known once the lab is open, and again when one was added', async () => {
  expect(bench.store.getState().datasets).toBeNull();
  await bench.lab.open();
  expect(bench.store.getState().datasets).toEqual(['mnist']);
  bench.datasets = ['mnist', 'own'];
  await bench.lab.addDataset([{ name: 'a', bytes: new Uint8Array(8) }]);
  await vi.advanceTimersByTimeAsync(0);
  expect(bench.store.getState().datasets).toEqual(['mnist', 'own']);
});

test('what is saved has the curves of its run, though it is reset meanwhile', async () => {
  await bench.begin(90);
  let copied = (): void => undefined;
  bench.busy = new Promise((resolve) => (copied = resolve));
  const saving = bench.lab.save();
  await vi.waitFor(() => expect(bench.calls).toEqual(['save']));
  const reset = bench.lab.reset();
  await vi.advanceTimersByTimeAsync(0);
  copied();
  await Promise.all([saving, reset]);
  expect(bench.calls).toEqual(['save', expect.stringMatching(/^load/)]);
  expect(bench.filed?.tables.test.numbers).toHaveLength(6);
  expect(bench.history.isEmpty).toBe(true);
});

describe('frames', () => {
  test('of an older run leave no trace and are acknowledged all the same', async () => {
    await bench.begin();
    await bench.lab.reset();
    bench.send({ number: 77, run: 1, status: bench.at(500, 'running'), test: new Float32Array([500, 1, 1]) });
    expect(bench.history.isEmpty).toBe(true);
    expect(bench.store.getState().status.step).toBe(0);
    expect(bench.acknowledged).toContain(77);
  });

  test('bring notices', async () => {
    await bench.begin();
    bench.send({ notices: ['The GPU was lost and found again.'] });
    const [notice] = bench.store.getState().notices;
    expect(notice?.text).toContain('lost');
    bench.lab.notices.dismiss(notice?.id ?? -1);
    expect(bench.store.getState().notices).toEqual([]);
  });
});

describe('an edit', () => {
  test('of a live setting becomes one command and one mark, however fast it moves', async () => {
    await bench.begin();
    for (const rate of [0.02, 0.03, 0.04]) bench.lab.edit('rate', rate);
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
      bench.lab.edit('sparsity', sparsity);
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
    bench.lab.edit('rate', 0.04);
    await vi.advanceTimersByTimeAsync(100);
    expect(bench.store.getState().experiment.rate).toBe(0.01);
    expect(bench.store.getState().fault?.text).toBe('Refused.');
  });

  test('of a restart setting never touches a run that has begun', async () => {
    await bench.begin();
    bench.lab.edit('seed', 8);
    await vi.advanceTimersByTimeAsync(1000);
    expect(bench.calls).toEqual([]);
    bench.lab.discard();
    expect(bench.store.getState().experiment.seed).toBe(1);
  });

  test('of a restart setting loads at once while there is nothing to lose', async () => {
    await bench.lab.open();
    bench.lab.edit('seed', 8);
    bench.lab.edit('seed', 9);
    await vi.advanceTimersByTimeAsync(1000);
    expect(bench.calls).toEqual(['load pfa seed seed 1', 'load pfa seed seed 9']);
  });
});

test('an edit before the first step of a training is done does not end the training', async () => {
  await bench.lab.open();
  await bench.lab.train();
  bench.send({ status: bench.at(0, 'running') });
  bench.calls.length = 0;
  bench.lab.edit('seed', 8);
  await vi.advanceTimersByTimeAsync(1000);
  expect(bench.calls).toEqual(['load pfa seed seed 8', 'start']);
});

test('after a refusal the settings can be those of the run again, which has lost nothing', async () => {
  await bench.begin();
  bench.refuse = 'load pfa seed seed 8';
  bench.lab.edit('seed', 8);
  await bench.lab.restart('seed');
  expect(bench.store.getState()).toMatchObject({ fault: { text: 'Refused.' }, loaded: { seed: 1 } });
  bench.lab.discard();
  expect(bench.store.getState()).toMatchObject({ fault: null, experiment: { seed: 1 } });
  expect(bench.history.of('testLoss')[0].length).toBe(2);
});

test('a refusal is over once what was refused is taken back by hand', async () => {
  await bench.begin();
  bench.refuse = 'load pfa seed seed 8';
  bench.lab.edit('seed', 8);
  await bench.lab.restart('seed');
  bench.lab.edit('batch', 32);
  bench.lab.edit('seed', 1);
  expect(bench.store.getState().fault).not.toBeNull();
  bench.lab.edit('batch', 64);
  expect(bench.store.getState().fault).toBeNull();
});

test('a reset that is refused has stopped nothing', async () => {
  await bench.begin();
  bench.send({ status: bench.at(100, 'running') });
  bench.refuse = 'load pfa seed seed 8';
  bench.lab.edit('seed', 8);
  await bench.lab.reset();
  expect(bench.calls).toEqual(['load pfa seed seed 8', 'start']);
  bench.refuse = null;
  bench.calls.length = 0;
  await bench.lab.reset();
  expect(bench.calls).toEqual(['load pfa seed seed 8']);
});

test('of an address that another has taken the place of nothing is told any more', async () => {
  await bench.lab.open();
  bench.lab.adopt({ experiment: defaultExperiment, notices: ['There is no rule “x”.'] });
  bench.lab.notices.notify(['The GPU was lost.']);
  bench.lab.adopt({ experiment: defaultExperiment, notices: [] });
  expect(bench.store.getState().notices.map(({ text }) => text)).toEqual(['The GPU was lost.']);
});

test('a pause is told of with the step at which the run has come to rest', async () => {
  await bench.begin();
  bench.send({ status: bench.at(100, 'running') });
  await bench.lab.pause();
  expect(bench.store.getState()).toMatchObject({ status: { phase: 'paused' }, announcement: 'Training at step 100' });
  bench.send({ status: bench.at(102, 'paused') });
  expect(bench.store.getState().announcement).toBe('Paused at step 102');
});

test('a run that has diverged takes no step', async () => {
  await bench.begin();
  bench.send({ status: { ...bench.at(100, 'fault'), fault: { kind: 'diverged', text: 'No number.' } } });
  await bench.lab.step();
  expect(bench.calls).toEqual([]);
});

test('a run that goes back, as its GPU was lost, takes its curves back', async () => {
  await bench.begin();
  bench.send({ back: 50, test: new Float32Array([60, 1, 0.5]) });
  const { samples } = bench.history.of('testLoss')[0];
  expect([...samples.x.subarray(0, samples.length)]).toEqual([0, 60]);
});

describe('another rule', () => {
  test('waits for the user once the run has begun, then goes on from the present weights', async () => {
    await bench.begin();
    bench.lab.chooseRule('fa');
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
    bench.lab.chooseRule('fa');
    await bench.lab.restart('present');
    // FA has none.
    expect(bench.store.getState().loaded).toMatchObject({ rule: 'fa', earlyEpochs: 1 });
    bench.lab.chooseRule('pfa');
    await bench.lab.restart('present');
    expect(bench.store.getState().loaded).toMatchObject({ rule: 'pfa', earlyEpochs: 3.2, earlyDecay: 0.03 });
  });

  test('that restarts a running network leaves it running', async () => {
    await bench.begin();
    await bench.lab.train();
    bench.lab.chooseRule('bp');
    await bench.lab.restart('seed');
    expect(bench.calls).toEqual(['start', 'load bp seed seed 1', 'start']);
    expect(bench.history.isEmpty).toBe(true);
  });

  test('brings its recommended settings along', async () => {
    await bench.lab.open();
    bench.lab.chooseRule('bp');
    await vi.advanceTimersByTimeAsync(1000);
    expect(bench.store.getState().loaded).toEqual(defaultsFor('bp'));
  });
});

describe('a pause', () => {
  test('while a network is being built keeps it from training by itself', async () => {
    await bench.begin();
    bench.send({ status: bench.at(100, 'running') });
    const restarted = bench.lab.restart('seed');
    expect(isTraining(bench.store.getState())).toBe(true);
    await bench.lab.pause();
    await restarted;
    expect(bench.calls).not.toContain('start');
    expect(isTraining({ ...bench.store.getState(), status: bench.at(0, 'ready') })).toBe(false);
  });

  test('is not what a Train is that is pressed while a file is opened', async () => {
    await bench.begin();
    const opened = bench.lab.resume({ name: 'a.safetensors', bytes: new Uint8Array(8) });
    await Promise.all([bench.lab.train(), opened]);
    expect(bench.calls).toEqual(['resume a.safetensors', 'start']);
  });

  test('takes back a Train that waits for the first network', async () => {
    const opened = bench.lab.open();
    const trained = bench.lab.train();
    await bench.lab.pause();
    await Promise.all([opened, trained]);
    expect(bench.calls).not.toContain('start');
    expect(bench.store.getState()).toMatchObject({ status: { phase: 'ready' }, announcement: '' });
  });
});

test('what a rule brings along is marked where it takes over', async () => {
  await bench.begin();
  bench.lab.chooseRule('fa');
  await bench.lab.restart('present');
  bench.send({});
  const labels = bench.history.marks.map(({ step, label }) => `${step} ${label}`);
  expect(labels).toContain('100 early weight decay 0.0001');
  expect(labels.at(-1)).toBe('100 FA');
});

test('a finished run says so when it is to be trained', async () => {
  await bench.begin();
  bench.send({ status: bench.at(200, 'finished') });
  const toast = vi.spyOn(bench.lab.notices.toasts, 'add');
  await bench.lab.train();
  expect(bench.calls).toEqual([]);
  expect(toast).toHaveBeenCalledWith({ description: expect.stringContaining('Raise Epochs') as string });
});

test('a run that another takes the place of stays on the charts until it is taken off', async () => {
  await bench.begin();
  bench.lab.chooseRule('fa');
  await bench.lab.restart('seed');
  expect(bench.history.isEmpty).toBe(true);
  expect(bench.store.getState().earlier).toMatchObject([
    { number: 1, lastStep: 100, experiment: { rule: 'pfa' }, segments: [{ step: 0, rule: 'pfa' }] },
  ]);
  bench.lab.run.forget(bench.store.getState().earlier);
  expect(bench.store.getState().earlier).toEqual([]);
});

test('a run that has ended keeps the length of its epochs, whatever the next one tells before it is answered for', async () => {
  await bench.begin();
  bench.early = [{ run: 2, status: { ...bench.at(0, 'ready'), stepsPerEpoch: 468 } }];
  bench.lab.edit('batch', 128);
  await bench.lab.restart('seed');
  expect(bench.store.getState().earlier).toMatchObject([{ experiment: { batch: 64 }, stepsPerEpoch: 937 }]);
});

test('what was just set is in force before the next step', async () => {
  await bench.begin();
  bench.lab.edit('rate', 0.05);
  await bench.lab.step();
  bench.lab.edit('epochs', 7);
  await bench.lab.train();
  expect(bench.calls).toEqual(['tune {"rate":0.05}', 'step', 'tune {"epochs":7}', 'start']);
});

test('a setting that is refused gives way to what has been set since', async () => {
  await bench.begin();
  let done = (): void => undefined;
  bench.busy = new Promise((resume) => (done = resume));
  bench.refuse = 'tune {"rate":0.5}';
  bench.lab.edit('rate', 0.5);
  await vi.advanceTimersByTimeAsync(100);
  bench.lab.edit('rate', 0.02);
  done();
  await vi.advanceTimersByTimeAsync(200);
  expect(bench.calls).toEqual(['tune {"rate":0.5}', 'tune {"rate":0.02}']);
  expect(bench.store.getState()).toMatchObject({ experiment: { rate: 0.02 }, loaded: { rate: 0.02 } });
});

test('of a run of a file that went no further its settings are those of the file', async () => {
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
  bench.lab.edit('rate', 0.5);
  await vi.advanceTimersByTimeAsync(100);
  await bench.lab.reset();
  expect(bench.store.getState().earlier.at(-1)).toMatchObject({ experiment: { rule: 'fa', rate: 0.01 }, lastStep: 40 });
});

test('of a run that has ended its settings are those that taught', async () => {
  await bench.begin();
  bench.send({ status: bench.at(100, 'paused'), train: new Float32Array([100, 2, 1, 3, 0.5]) });
  bench.lab.edit('rate', 0.5);
  await vi.advanceTimersByTimeAsync(100);
  expect(bench.history.marks).toHaveLength(1);
  await bench.lab.reset();
  expect(bench.store.getState().earlier).toMatchObject([{ experiment: { rate: 0.01 }, marks: [] }]);
  expect(bench.store.getState().loaded?.rate).toBe(0.5);
});

test('a worker that dies is told, and opening again brings the lab back', async () => {
  await bench.begin();
  bench.events?.death({ kind: 'internal', text: 'Gone.' });
  expect(bench.store.getState()).toMatchObject({ loaded: null, fault: { text: 'Gone.' }, status: { phase: 'fault' } });
  bench.run = 0;
  await bench.lab.open();
  expect(bench.store.getState()).toMatchObject({ fault: null, loaded: defaultExperiment, status: { phase: 'ready' } });
});
