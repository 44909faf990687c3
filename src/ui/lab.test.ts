import { beforeEach, describe, expect, test, vi } from 'vitest';
import type { Experiment } from '../model/experiment.ts';
import { knownDatasets } from '../model/datasets.ts';
import { defaultExperiment, defaultsFor } from '../model/fields.ts';
import type { Frame, Outcome, Status } from '../workers/protocol.ts';
import { History } from './charts/history.ts';
import { openFiles } from './files/open.ts';
import { Lab } from './lab.ts';
import type { Commands, SessionEvents } from './session.ts';
import { createLabStore, idle, isTraining } from './store.ts';

const network = {
  layers: ['layer 1', 'layer 2', 'layer 3'],
  stepsPerEpoch: 937,
  parameters: 0,
  feedbackParameters: 0,
  bytes: 0,
  launches: 0,
};
const empty = new Float32Array(0);

/** A worker that does as it is told, one call after the other, and writes down what that was. */
class Bench {
  readonly calls: string[] = [];
  readonly acknowledged: number[] = [];
  readonly store = createLabStore(defaultExperiment);
  readonly history = new History();
  events: SessionEvents | null = null;
  run = 0;
  /** Steps of the network that it holds. */
  step = 0;
  refuse: string | null = null;
  /** How long it tunes. */
  busy: Promise<void> = Promise.resolve();
  /** Frames that overtake the answer to `load`. */
  early: Partial<Frame>[] = [];
  private frames = 0;
  readonly lab = new Lab(
    this.store,
    this.history,
    (events) => {
      this.events = events;
      return { commands: this.commands, acknowledge: (frame) => this.acknowledged.push(frame), close: () => undefined };
    },
    (drawn) => drawn(),
  );

  private done(name: string): Promise<Outcome> {
    this.calls.push(name);
    const fault = { kind: 'invalid', text: 'Refused.' } as const;
    return Promise.resolve(this.refuse === name ? { ok: false, fault } : { ok: true, value: null });
  }

  private readonly commands = {
    open: () => Promise.resolve({ ok: true, value: { kind: 'webgpu', name: 'test', software: false, problem: null } }),
    load: async (experiment: Experiment, from) => {
      const outcome = await this.done(`load ${experiment.rule} ${from} seed ${experiment.seed}`);
      if (!outcome.ok) return outcome;
      if (from === 'seed') this.run++;
      for (const frame of this.early) this.send(frame);
      return { ok: true, value: { run: this.run, step: this.step, network, dataset: knownDatasets.mnist } };
    },
    resume: async ({ name }) => {
      const outcome = await this.done(`resume ${name}`);
      const experiment = { ...defaultsFor('fa'), seed: 9 };
      if (!outcome.ok) return outcome;
      return { ok: true, value: { run: ++this.run, step: 40, network, dataset: knownDatasets.mnist, experiment } };
    },
    addDataset: async (files) => {
      const outcome = await this.done(`add ${files.length} files`);
      if (!outcome.ok) return outcome;
      const own = { id: 'own', name: 'Own images', train: 9, test: 3, classes: 3, kept: true };
      return { ok: true, value: { ...own, shape: { height: 6, width: 5, channels: 1 } } };
    },
    move: async (kind) => {
      const outcome = await this.done(`move ${kind}`);
      if (!outcome.ok) return outcome;
      const device = { kind, name: kind, software: true, problem: null };
      return { ok: true, value: { run: this.run, step: this.step, network, dataset: knownDatasets.mnist, device } };
    },
    start: () => this.done('start'),
    pause: () => this.done('pause'),
    step: () => this.done('step'),
    tune: async (change) => {
      const outcome = this.done(`tune ${JSON.stringify(change)}`);
      await this.busy;
      return outcome;
    },
  } satisfies Partial<Commands> as Partial<Commands> as Commands;

  send(frame: Partial<Frame>): void {
    this.events?.frame({
      number: ++this.frames,
      run: this.run,
      status: this.at(0, 'ready'),
      notices: [],
      train: empty,
      test: empty,
      alignment: empty,
      ...frame,
    });
  }

  at(step: number, phase: Status['phase']): Status {
    return { ...idle, activity: null, phase, step };
  }

  /** A run that is under way. */
  async begin(step = 100): Promise<void> {
    await this.lab.open();
    this.step = step;
    this.send({ status: this.at(step, 'paused'), test: new Float32Array([0, 2, 0.1, step, 0.5, 0.9]) });
    this.calls.length = 0;
  }
}

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
    bench.lab.dismiss(notice?.id ?? -1);
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

describe('another rule', () => {
  test('waits for the user once the run has begun, then goes on from the present weights', async () => {
    await bench.begin();
    bench.lab.chooseRule('fa');
    await vi.advanceTimersByTimeAsync(1000);
    expect(bench.calls).toEqual([]);
    await bench.lab.restart('present');
    expect(bench.calls).toEqual(['load fa present seed 1']);
    expect(bench.history.segments).toEqual([
      { step: 0, rule: 'pfa' },
      { step: 100, rule: 'fa' },
    ]);
    expect(bench.history.of('testLoss')[0]?.length).toBe(2);
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
  });
});

test('what a rule brings along is marked where it takes over', async () => {
  await bench.begin();
  bench.lab.chooseRule('fa');
  await bench.lab.restart('present');
  const labels = bench.history.marks.map(({ step, label }) => `${step} ${label}`);
  expect(labels).toContain('100 early weight decay 1e−4');
  expect(labels.at(-1)).toBe('100 FA');
});

test('a finished run says so when it is to be trained', async () => {
  await bench.begin();
  bench.send({ status: bench.at(200, 'finished') });
  const toast = vi.spyOn(bench.lab.toasts, 'add');
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
  bench.lab.run.forget(1);
  expect(bench.store.getState().earlier).toEqual([]);
});

describe('a file', () => {
  const file = (name: string) => ({ name, bytes: new Uint8Array(8) });

  test('of a run takes the place of the present one, settings and curves', async () => {
    await bench.begin();
    expect(await bench.lab.resume(file('a.safetensors'))).toBe(true);
    expect(bench.calls).toEqual(['resume a.safetensors']);
    const { experiment, loaded } = bench.store.getState();
    expect(experiment).toMatchObject({ rule: 'fa', seed: 9 });
    expect(loaded).toEqual(experiment);
    expect(bench.history.isEmpty).toBe(true);
    bench.send({ status: bench.at(40, 'paused'), test: new Float32Array([40, 1, 0.5]) });
    expect(bench.history.lastStep).toBe(40);
  });

  test('of a run that is refused leaves the present one', async () => {
    await bench.begin();
    bench.refuse = 'resume a.safetensors';
    expect(await bench.lab.resume(file('a.safetensors'))).toBe(false);
    expect(bench.store.getState()).toMatchObject({ loaded: defaultExperiment, fault: { text: 'Refused.' } });
    expect(bench.history.isEmpty).toBe(false);
  });

  test('of a run that is refused lets the present one go on training', async () => {
    await bench.begin();
    bench.send({ status: bench.at(5, 'running') });
    bench.refuse = 'resume a.safetensors';
    await bench.lab.resume(file('a.safetensors'));
    expect(bench.calls).toEqual(['resume a.safetensors', 'start']);
  });

  test('that is refused is told of, though a setting was edited a moment before', async () => {
    await bench.lab.open();
    bench.lab.edit('seed', 7);
    const refused = openFiles(bench.lab, [new File(['{'], 'broken.json')]);
    await vi.advanceTimersByTimeAsync(1000);
    await refused;
    expect(bench.store.getState()).toMatchObject({
      loaded: { seed: 7 },
      fault: { text: expect.stringMatching(/^broken.json is not JSON/) as string },
    });
  });

  test('of a data set is described and chosen; a run that has begun is not touched', async () => {
    await bench.begin();
    await bench.lab.addDataset([file('a'), file('b')]);
    await vi.advanceTimersByTimeAsync(1000);
    expect(bench.calls).toEqual(['add 2 files']);
    expect(bench.store.getState()).toMatchObject({
      own: { classes: 3, shape: { height: 6, width: 5 } },
      experiment: { dataset: 'own' },
      loaded: { dataset: 'mnist' },
    });
  });

  test('of a data set in place of the one in use is for the next start', async () => {
    await bench.lab.open();
    await bench.lab.addDataset([file('a')]);
    await vi.advanceTimersByTimeAsync(1000);
    const before = { classes: 10, shape: knownDatasets.mnist.shape };
    bench.send({ status: bench.at(100, 'paused') });
    expect(bench.store.getState()).toMatchObject({ loaded: { dataset: 'own' }, own: before });
    await openFiles(bench.lab, [new File(['x'], 'train-images')]);
    expect(bench.store.getState().own).toMatchObject(before);
  });

  test('of exported numbers opens the experiment that they are of', async () => {
    await bench.lab.open();
    const numbers = { experiment: { rule: 'bp', seed: 5 }, changes: [], lines: [] };
    await openFiles(bench.lab, [new File([JSON.stringify(numbers)], 'numbers.json')]);
    expect(bench.store.getState()).toMatchObject({ experiment: { rule: 'bp', seed: 5 }, notices: [] });
  });

  test('of other JSON than an experiment changes nothing', async () => {
    await bench.lab.open();
    await openFiles(bench.lab, [new File(['{"hello": 1}'], 'junk.json')]);
    expect(bench.store.getState()).toMatchObject({
      experiment: defaultExperiment,
      fault: { text: expect.stringMatching(/^junk.json names no setting/) as string },
    });
  });

  test('of a folder of images may lie beside others', async () => {
    await bench.lab.open();
    const files = ['cats/1.png', 'notes.json'].map((path) => {
      const each = new File(['x'], path.split('/').at(-1) ?? '');
      return Object.defineProperty(each, 'webkitRelativePath', { value: `pets/${path}` });
    });
    await openFiles(bench.lab, files);
    expect(bench.calls).toContain('add 2 files');
  });
});

test('a worker that dies is told, and opening again brings the lab back', async () => {
  await bench.begin();
  bench.events?.death({ kind: 'internal', text: 'Gone.' });
  expect(bench.store.getState()).toMatchObject({ loaded: null, fault: { text: 'Gone.' }, status: { phase: 'fault' } });
  bench.run = 0;
  await bench.lab.open();
  expect(bench.store.getState()).toMatchObject({ fault: null, loaded: defaultExperiment, status: { phase: 'ready' } });
});
