import { beforeEach, describe, expect, test, vi } from 'vitest';
import { defaultExperiment } from '../model/fields.ts';
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
    bench.lab.draft.edit('batch', 32);
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

  test('frames that come before its answer belong to the new run', async () => {
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

test('an error while a network is built reaches the caller, and the next build runs', async () => {
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

test('the saved step is that of the file, even if the run has gone on', async () => {
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

test('a refused reset leaves the training running', async () => {
  await bench.begin();
  bench.send({ status: bench.at(100, 'running') });
  bench.refuse = 'load pfa seed seed 8';
  bench.lab.draft.edit('seed', 8);
  await bench.lab.reset();
  expect(bench.calls).toEqual(['load pfa seed seed 8', 'start']);
  bench.refuse = null;
  bench.calls.length = 0;
  await bench.lab.reset();
  expect(bench.calls).toEqual(['load pfa seed seed 8']);
});

test('notices about a link go when another link is opened; other notices stay', async () => {
  await bench.lab.open();
  bench.lab.draft.adopt({ experiment: defaultExperiment, notices: ['There is no rule “x”.'] });
  bench.lab.notices.notify(['The GPU was lost.']);
  bench.lab.draft.adopt({ experiment: defaultExperiment, notices: [] });
  const texts = (): string[] => bench.store.getState().notices.map(({ text }) => text);
  expect(texts()).toEqual(['The GPU was lost.']);
  // Also where the one about the link has been closed, and another has come since.
  bench.lab.notices.dismiss(bench.store.getState().notices[0].id);
  bench.lab.draft.adopt({ experiment: defaultExperiment, notices: ['There is no rule “y”.'] });
  bench.lab.notices.dismiss(bench.store.getState().notices[0].id);
  bench.lab.notices.notify(['The GPU was lost again.']);
  bench.lab.draft.adopt({ experiment: defaultExperiment, notices: [] });
  expect(texts()).toEqual(['The GPU was lost again.']);
});

test('a pause is announced with the step at which the run stopped', async () => {
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

describe('a pause', () => {
  test('while a network is being built keeps it from being trained once it is there', async () => {
    await bench.begin();
    bench.send({ status: bench.at(100, 'running') });
    const restarted = bench.lab.restart('seed');
    expect(isTraining(bench.store.getState())).toBe(true);
    await bench.lab.pause();
    await restarted;
    expect(bench.calls).not.toContain('start');
    expect(isTraining({ ...bench.store.getState(), status: bench.at(0, 'ready') })).toBe(false);
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

test('Train, pressed while a file is opened, trains the opened run', async () => {
  await bench.begin();
  const opened = bench.lab.resume({ name: 'a.safetensors', bytes: new Uint8Array(8) });
  await Promise.all([bench.lab.train(), opened]);
  expect(bench.calls).toEqual(['resume a.safetensors', 'start']);
});

test('Train says of a finished run that it is finished', async () => {
  await bench.begin();
  bench.send({ status: bench.at(200, 'finished') });
  const toast = vi.spyOn(bench.lab.notices.toasts, 'add');
  await bench.lab.train();
  expect(bench.calls).toEqual([]);
  expect(toast).toHaveBeenCalledWith({ description: expect.stringContaining('Raise Epochs') as string });
});

test('a worker that dies is told, and opening again brings the lab back', async () => {
  await bench.begin();
  bench.send({ status: bench.at(100, 'running'), train: new Float32Array([100, 2, 1, 3, 0.5]) });
  bench.events?.death({ kind: 'internal', text: 'Gone.' });
  expect(bench.store.getState()).toMatchObject({ loaded: null, fault: { text: 'Gone.' }, status: { phase: 'fault' } });
  bench.run = 0;
  expect(bench.closed).toBe(0);
  await bench.lab.open();
  expect(bench.closed).toBe(1);
  expect(bench.store.getState()).toMatchObject({ fault: null, loaded: defaultExperiment, status: { phase: 'ready' } });
  // What the dead one had trained is still there to compare with.
  expect(bench.store.getState().earlier).toMatchObject([{ lastStep: 100 }]);
});
