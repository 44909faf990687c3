import { afterEach, expect, test, vi } from 'vitest';
import { defaultsFor } from '../../model/fields.ts';
import { Bench } from '../lab-testing.ts';
import { EarlierShelf, keepEarlier } from './earlier-shelf.ts';
import { nameOf, tellEarlier, type EarlierRun } from './earlier.ts';
import { History } from './history.ts';
import { earlierOf, runBefore } from './scene-testing.ts';

const none = new Float32Array(0);
const database = 'feedback-lab-test';

afterEach(async () => {
  await request(indexedDB.deleteDatabase(database));
});

/** What a request of the database comes to. */
const request = <Value>(made: IDBRequest<Value>): Promise<Value> =>
  new Promise((resolve, reject) => {
    made.addEventListener('success', () => resolve(made.result));
    made.addEventListener('error', () => reject(new Error(made.error?.message)));
  });

/** The page of another visit, once it knows what was kept. */
async function visit(): Promise<Bench> {
  const bench = new Bench();
  await keepEarlier(new EarlierShelf(database), bench.lab);
  return bench;
}

const earlier = ({ store }: Bench): readonly EarlierRun[] => store.getState().earlier;
const numbers = (bench: Bench): number[] => earlier(bench).map(({ number }) => number);

/** All that is kept. */
async function kept(): Promise<{ readonly time: number; readonly shown: boolean }[]> {
  const opened = await request(indexedDB.open(database));
  const all: unknown = await request(opened.transaction('earlier').objectStore('earlier').getAll());
  opened.close();
  return all as { time: number; shown: boolean }[];
}

/** A run of two networks that two rules taught, with a change on the way. */
function storied(): EarlierRun {
  const history = new History();
  history.restart('fa', ['layer 1', 'layer 2'], 2);
  const look = (step: number): number[] => [step, ...Array.from({ length: 12 }, (_, i) => step + i)];
  history.append({
    train: new Float32Array([8, ...Array.from({ length: 8 }, (_, i) => i)]),
    test: new Float32Array([0, 2, 0.1, 2.5, 0.2, 100, 1, 0.5, 1.5, 0.75]),
    alignment: new Float32Array([...look(0), ...look(100)]),
  });
  history.mark(40, 'rate', 'learning rate 0.02', 0, '0.01');
  history.changeRule(100, 'bp', 'BP');
  history.append({ train: none, test: new Float32Array([200, 0.5, 0.9, 0.25, 0.8]), alignment: none });
  return earlierOf(history, 1, { ...defaultsFor('bp'), replicas: 2, rate: 0.02 });
}

test('earlier runs come back as they were, on whatever visit', async () => {
  const first = await visit();
  const run = storied();
  first.store.setState({ earlier: [run, { ...runBefore(2, 400, 'pfa'), shown: false, file: 'numbers.json' }] });
  await vi.waitFor(async () => expect(await kept()).toHaveLength(2));

  const second = await visit();
  const [back, other] = earlier(second);
  expect([back, other].map(nameOf)).toEqual(['… BP #1', 'PFA #2']);
  expect([back.shown, other.shown]).toEqual([true, false]);
  expect([back.file, other.file]).toEqual([null, 'numbers.json']);
  expect(tellEarlier(back, defaultsFor('fa'))).toBe(tellEarlier(run, defaultsFor('fa')));
  expect(back.curves).toEqual(run.curves);
  for (const [metric, lines] of run.lines)
    for (const [i, { samples, starts, length }] of lines.entries()) {
      const line = back.lines.get(metric)?.[i];
      expect([line?.length, line?.starts]).toEqual([length, starts]);
      for (const column of ['x', 'y', 'low', 'high'] as const)
        expect(line?.samples[column].subarray(0, length)).toEqual(samples[column].subarray(0, length));
    }
});

test('what was removed is gone, and what was brought back is there; numbers go on behind them', async () => {
  const first = await visit();
  first.store.setState({ earlier: [1, 2, 3].map((number) => runBefore(number, 400, 'fa', { seed: number })) });
  const [one, two] = earlier(first);
  first.lab.run.forget([two]);
  first.lab.run.forget([one])();
  first.lab.run.toggle(3);
  await vi.waitFor(async () =>
    expect((await kept()).map(({ time, shown }) => [time, shown])).toEqual([
      [1, true],
      [3, false],
    ]),
  );
  const second = await visit();
  expect(numbers(second)).toEqual([1, 2]);
  await second.begin();
  await second.lab.reset();
  expect(numbers(second)).toEqual([1, 2, 3]);
  await vi.waitFor(async () => expect(await kept()).toHaveLength(3));
});

test('the present run is kept as it stands when nobody looks and when it rests, and once', async () => {
  const first = await visit();
  await first.begin();
  const lastSteps = async (): Promise<number[]> => earlier(await visit()).map(({ lastStep }) => lastStep);
  const looks = vi.spyOn(document, 'visibilityState', 'get').mockReturnValue('hidden');
  document.dispatchEvent(new Event('visibilitychange', { bubbles: true }));
  looks.mockRestore();
  await vi.waitFor(async () => expect(await lastSteps()).toEqual([100]));

  first.send({ status: first.at(150, 'running') });
  first.send({ status: first.at(200, 'paused'), test: new Float32Array([200, 0.4, 0.9]) });
  await vi.waitFor(async () => expect(await lastSteps()).toEqual([200]));

  first.send({ test: new Float32Array([300, 0.3, 0.9]) });
  await first.lab.newSeed();
  await vi.waitFor(async () => expect(await lastSteps()).toEqual([300]));
  first.lab.run.forget(earlier(first));
  await vi.waitFor(async () => expect(await kept()).toEqual([]));
});

test('a present run that gave way to its longer twin does not come back', async () => {
  const first = await visit();
  const train = async (step: number): Promise<void> => {
    first.send({ status: first.at(step, 'running'), train: new Float32Array([1, 2, 1, 3, 0.1, step, 2, 1, 3, 0.5]) });
    first.send({ status: first.at(step, 'paused') });
    await first.lab.reset();
  };
  await first.begin(0);
  await train(400);
  await train(300);
  first.send({ status: first.at(1, 'running') });
  first.send({ status: first.at(1, 'paused') });
  first.lab.run.forget(earlier(first));
  await vi.waitFor(async () => expect(earlier(await visit())).toEqual([]));
});

test('of what two pages have kept the latest eight come back', async () => {
  const pages = [await visit(), await visit()];
  for (const [i, page] of pages.entries())
    page.store.setState({
      earlier: Array.from({ length: 6 }, (_, run) => runBefore(2 * run + i + 1, 400, 'fa', { seed: 20 * i + run })),
    });
  await vi.waitFor(async () => expect(await kept()).toHaveLength(12));
  expect(earlier(await visit()).map(({ time }) => time)).toEqual([5, 6, 7, 8, 9, 10, 11, 12]);
  await vi.waitFor(async () => expect(await kept()).toHaveLength(8));
});

test('what cannot be read is dropped', async () => {
  await visit();
  const good = runBefore(9, 400);
  const { time, shown, shade, file, stepsPerEpoch, curves } = good;
  const record = { time, shown, shade, file, stepsPerEpoch, curves, experiment: { rule: 'fa' } };
  const bad: object[] = [
    {},
    { ...record, experiment: { rule: 'fa', colour: 'red' } },
    { ...record, experiment: { rule: 'fa', replicas: 2 } },
    { ...record, curves: { ...curves, tables: {} } },
    { ...record, curves: { ...curves, segments: [{ ...curves.segments[0], rule: 'none' }] } },
  ];
  const opened = await request(indexedDB.open(database));
  const store = opened.transaction('earlier', 'readwrite').objectStore('earlier');
  for (const [i, each] of bad.entries()) store.put({ ...each, time: i });
  await request(store.put(record));
  opened.close();
  expect(earlier(await visit()).map((run) => run.time)).toEqual([9]);
  await vi.waitFor(async () => expect(await kept()).toHaveLength(1));
});

test('what is put where storage answers is safe, and not before it has', async () => {
  const shelf = new EarlierShelf(database);
  expect(shelf.isSafe).toBe(false);
  await shelf.all();
  expect(shelf.isSafe).toBe(true);
});

test('without storage, or with that of a newer page, runs last as long as the page, which knows', async () => {
  const newer = await request(indexedDB.open(database, 1000));
  newer.close();
  const bench = new Bench();
  const shelf = new EarlierShelf(database);
  await keepEarlier(shelf, bench.lab);
  expect(shelf.isSafe).toBe(false);
  await bench.begin();
  await bench.lab.reset();
  expect(numbers(bench)).toEqual([1]);
});
