import { beforeEach, describe, expect, test, vi } from 'vitest';
import { printExperiment } from '../../model/codec.ts';
import { knownDatasets } from '../../model/datasets.ts';
import { FaultError } from '../../model/fault.ts';
import { defaultExperiment, defaultsFor } from '../../model/fields.ts';
import { History } from '../charts/history.ts';
import { Bench } from '../lab-testing.ts';
import { toJson } from './numbers.ts';
import { openFiles } from './open.ts';

let bench = new Bench();
beforeEach(() => {
  vi.useFakeTimers();
  bench = new Bench();
  return () => vi.useRealTimers();
});

/** A file that says to be of so many MiB. */
const sized = (name: string, mebibytes: number): File =>
  Object.defineProperty(new File(['x'], name), 'size', { value: mebibytes * 2 ** 20 });

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

  test('of a run waits for a word where the weights of more than an epoch would be lost', async () => {
    await bench.begin();
    const toast = vi.spyOn(bench.lab.notices.toasts, 'add');
    const opened = new File(['x'], 'a.safetensors');
    bench.send({ status: bench.at(938, 'running') });
    await openFiles(bench.lab, [opened]);
    expect(bench.calls).toEqual([]);
    const [{ description, actionProps }] = toast.mock.calls[0];
    expect(description).toMatch(/^a.safetensors would take the place of this run, whose weights are in no file/);
    expect(actionProps?.children).toBe('Open it now');
    actionProps?.onClick?.({} as never);
    await vi.advanceTimersByTimeAsync(1000);
    expect(bench.calls[0]).toBe('resume a.safetensors');
    expect(bench.store.getState().experiment).toMatchObject({ rule: 'fa', seed: 9 });
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
    bench.lab.draft.edit('seed', 7);
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

  /** The figures of a run of BP with so many steps. */
  const numbers = (steps: number): string[] => {
    const history = new History();
    history.restart('bp', ['layer 1'], 1);
    const train = Float32Array.from({ length: 5 * steps }, (_, i) => (i % 5 === 0 ? 1 + i / 5 : i / 7));
    history.append({ train, test: new Float32Array(), alignment: new Float32Array() });
    const experiment = { ...defaultsFor('bp'), seed: 5 };
    return [...toJson({ experiment, curves: history.record(), stepsPerEpoch: 937 }, [])];
  };
  const earlier = () => bench.store.getState().earlier;

  test('of exported numbers puts its run beside the present one, however long it was', async () => {
    await bench.begin();
    const toast = vi.spyOn(bench.lab.notices.toasts, 'add');
    const file = new File(numbers(100_000), 'numbers.json');
    expect(file.size).toBeGreaterThan(10 * 2 ** 20);
    await openFiles(bench.lab, [file]);
    expect(bench.store.getState()).toMatchObject({ experiment: defaultExperiment, notices: [], fault: null });
    expect(earlier()).toMatchObject([
      { number: 1, file: 'numbers.json', lastStep: 100_000, stepsPerEpoch: 937, experiment: { rule: 'bp', seed: 5 } },
    ]);
    const [{ description, actionProps }] = toast.mock.calls[0];
    expect(description).toBe('Opened BP #1 of numbers.json, to compare with.');
    expect(actionProps?.children).toBe('Take the settings of BP #1');
    actionProps?.onClick?.({} as never);
    expect(bench.store.getState().experiment).toMatchObject({ rule: 'bp', seed: 5 });
  });

  test('of numbers that are there already adds nothing; one that has no room takes no other’s', async () => {
    await bench.begin();
    const toast = vi.spyOn(bench.lab.notices, 'toast');
    await openFiles(bench.lab, [new File(numbers(50), 'numbers.json')]);
    await openFiles(bench.lab, [new File(numbers(50), 'numbers.json')]);
    expect(earlier()).toHaveLength(1);
    expect(toast.mock.lastCall).toEqual(['What numbers.json holds is being compared with already.']);
    for (let steps = 51; steps < 60; steps++) await openFiles(bench.lab, [new File(numbers(steps), `${steps}.json`)]);
    expect(earlier().map(({ lastStep }) => lastStep)).toEqual([50, 51, 52, 53, 54, 55, 56, 57]);
    const text = /^No more runs.* have room.* open 59.json again\.$/;
    expect(bench.store.getState().fault?.text).toMatch(text);
  });

  const inFolder = (path: string, text: string): File =>
    Object.defineProperty(new File([text], path.split('/').at(-1) ?? ''), 'webkitRelativePath', { value: path });
  const log = [20, 40]
    .map((step) => ({ step, epoch: step / 20, split: 'test', replica: 0, seed: 1, loss: 1, accuracy: 0.5, layers: [] }))
    .map((line) => `${JSON.stringify(line)}\n`)
    .join('');
  const settings = (rule: string): string => JSON.stringify(printExperiment({ ...defaultsFor(rule), epochs: 2 }));

  test('of a terminal’s figures is opened with the experiment beside it, or with the folders of several runs', async () => {
    await bench.begin();
    await openFiles(bench.lab, [new File([settings('fa')], 'experiment.json'), new File([log], 'metrics.jsonl')]);
    const folders = ['pfa', 'kp'].flatMap((rule) => [
      inFolder(`sweep/rule=${rule}/experiment.json`, settings(rule)),
      inFolder(`sweep/rule=${rule}/metrics.jsonl`, log),
      inFolder(`sweep/rule=${rule}/step-000040.safetensors`, 'x'),
    ]);
    await openFiles(bench.lab, folders);
    expect(bench.store.getState().fault).toBeNull();
    expect(earlier().map(({ experiment, file }) => [experiment.rule, file])).toEqual([
      ['fa', 'metrics.jsonl'],
      ['pfa', 'sweep/rule=pfa/metrics.jsonl'],
      ['kp', 'sweep/rule=kp/metrics.jsonl'],
    ]);
    expect(bench.calls).toEqual([]);
  });

  test.for([
    [['metrics.jsonl'], /^metrics.jsonl does not say of which experiment.*Choose experiment.json/],
    [['a.jsonl', 'b.jsonl', 'a.json'], /^Which of these figures.*one run at a time/],
    [['numbers.csv'], /^numbers.csv does not say of which experiment.*JSON/],
    [['half.json'], /^half.json is not JSON. It may have been cut off/],
    [['a.json', 'b.json'], /^A run, numbers or an experiment are one file/],
  ] as const)('of figures that cannot be told %s says what to do', async ([names, text]) => {
    await bench.begin();
    const content = (name: string) => (name === 'half.json' ? '{"lines": [' : name === 'a.json' ? settings('fa') : log);
    await openFiles(
      bench.lab,
      names.map((name) => new File([content(name)], name)),
    );
    expect(bench.store.getState().fault).toMatchObject({ kind: 'data', text: expect.stringMatching(text) as string });
    expect(earlier()).toEqual([]);
    expect(bench.history.isEmpty).toBe(false);
  });

  test('of numbers that no browser parses says what of it can be opened', async () => {
    await bench.begin();
    await openFiles(bench.lab, [sized('numbers.json', 300)]);
    const text = /^numbers.json is 300 MiB; .* up to 256 MiB\. For the settings .*copy what stands behind "experiment"/;
    expect(bench.store.getState().fault).toMatchObject({ kind: 'data', text: expect.stringMatching(text) as string });
  });

  test('of a run is opened at any size', async () => {
    await bench.begin();
    await openFiles(bench.lab, [sized('a.safetensors', 3000)]);
    expect(bench.calls).toEqual(['resume a.safetensors']);
    expect(bench.store.getState().fault).toBeNull();
  });

  test('that the browser cannot hold, or that was moved, says so and changes nothing', async () => {
    await bench.begin();
    const faultOf = async (file: File, error: Error): Promise<string | undefined> => {
      await openFiles(bench.lab, [Object.defineProperty(file, 'arrayBuffer', { value: () => Promise.reject(error) })]);
      return bench.store.getState().fault?.text;
    };
    const full = new RangeError('Array buffer allocation failed');
    expect(await faultOf(sized('a.safetensors', 3000), full)).toMatch(/^a.safetensors, 2.93 GiB, .*no memory.*Close/);
    const gone = new DOMException('Gone.', 'NotFoundError');
    expect(await faultOf(sized('a.safetensors', 1), gone)).toBe('a.safetensors could not be read. Choose it again.');
    expect(bench.calls).toEqual([]);
    expect(bench.store.getState().loaded).toEqual(defaultExperiment);
    expect(bench.history.isEmpty).toBe(false);
  });

  test('of a data set is refused above what is read at once', async () => {
    await bench.begin();
    await openFiles(bench.lab, [sized('train-images', 400), sized('train-labels', 200)]);
    const text = /^These 2 files together are 600 MiB; a data set may have 512 MiB/;
    expect(bench.store.getState().fault?.text).toMatch(text);
    expect(bench.calls).toEqual([]);
  });

  test('that a folder could not give is told of', async () => {
    await bench.begin();
    await openFiles(bench.lab, Promise.reject(new FaultError('data', 'pets could not be read.')));
    expect(bench.store.getState().fault).toMatchObject({ kind: 'data', text: 'pets could not be read.' });
  });

  test.for(['{"hello": 1}', '[1, 2]', 'null'])('of other JSON than an experiment changes nothing: %s', async (json) => {
    await bench.lab.open();
    await openFiles(bench.lab, [new File([json], 'junk.json')]);
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
