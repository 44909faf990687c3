import { describe, expect, test } from 'vitest';
import { defaultExperiment, defaultsFor } from '../../model/fields.ts';
import { History } from '../charts/history.ts';
import { earlierOf } from '../charts/scene-testing.ts';
import { linesOf, toCsv, toJson } from './numbers.ts';

const experiment = { ...defaultExperiment, seed: 7 };
const linesIn = (history: History) => [...linesOf(history.record(), 7, 100)];
const written = (history: History) => ({ experiment, curves: history.record(), stepsPerEpoch: 100 });
const textOf = (pieces: Iterable<string>): string => [...pieces].join('');

/** Two networks with two layers, at steps 0 (test, alignment), 8 (train) and 10 (all). */
function run(): History {
  const history = new History();
  history.restart('pfa', ['layer 1', 'layer 2'], 2);
  history.append({
    train: new Float32Array([8, 2, 1, 3, 0.25, 4, 3, 5, 0.5, 10, 1, 1, 1, 0.75, 2, 2, 2, 1]),
    test: new Float32Array([0, 2.5, 0.125, 2.25, 0.25, 10, NaN, 0.5, 1.5, 0.625]),
    alignment: new Float32Array([
      0,
      90,
      1,
      45,
      80,
      2,
      40,
      NaN,
      NaN,
      30,
      70,
      3,
      20,
      10,
      60,
      4,
      15,
      50,
      5,
      10,
      40,
      6,
      5,
      30,
      7,
      2,
    ]),
  });
  return history;
}

test('a line for every network, split and step, with the layers where they were measured', () => {
  const lines = linesIn(run());
  expect(lines.map(({ step, split, replica, seed }) => [step, split, replica, seed])).toEqual([
    [0, 'train', 0, 7],
    [0, 'train', 1, 8],
    [0, 'test', 0, 7],
    [0, 'test', 1, 8],
    [8, 'train', 0, 7],
    [8, 'train', 1, 8],
    [10, 'train', 0, 7],
    [10, 'train', 1, 8],
    [10, 'test', 0, 7],
    [10, 'test', 1, 8],
  ]);
  expect(lines[1]?.layers).toEqual([
    { angle: 80, ratio: 2, gradAngle: 40 },
    { angle: 70, ratio: 3, gradAngle: 20 },
  ]);
  expect(lines[7]).toMatchObject({ epoch: 0.1, loss: 2, accuracy: 1, layers: [{ angle: 50 }, { angle: 30 }] });
  expect(lines[8]).toMatchObject({ loss: null, accuracy: 0.5, layers: [] });
});

test('as CSV and as JSON', () => {
  const lines = linesIn(run());
  const [header, first, ...rest] = textOf(toCsv(written(run()), []))
    .trimEnd()
    .split('\n');
  expect(header).toBe(
    'step,epoch,split,replica,seed,rule,loss,accuracy,layer0.angle,layer0.ratio,layer0.gradAngle,layer1.angle,layer1.ratio,layer1.gradAngle',
  );
  expect(first).toBe('0,0,train,0,7,pfa,,,90,1,45,,,30');
  expect(rest).toHaveLength(9);
  expect(new Set([header, first, ...rest].map((row) => row?.split(',').length))).toEqual(new Set([14]));
  expect(JSON.parse(textOf(toJson(written(run()), [])))).toMatchObject({
    experiment: { rule: 'pfa' },
    lines,
  });
});

test('what every rule taught, and every change made on the way, are in them', () => {
  const history = run();
  history.changeRule(10, 'bp', 'BP');
  history.mark(12, 'rate', 'learning rate 0.03', 0);
  // The new rule's way back is looked at where the old one's was.
  const look = [10, ...Array.from({ length: 12 }, () => 0)];
  const train = new Float32Array([16, 2, 1, 3, 0.25, 4, 3, 5, 0.5]);
  history.append({ train, test: new Float32Array(), alignment: new Float32Array(look) });
  const lines = linesIn(history);
  const told = lines.map(({ step, split, rule, layers }) => `${step} ${split} ${rule} ${layers[1]?.angle ?? '–'}`);
  expect(told.filter((_, i) => lines[i].replica === 0)).toEqual([
    '0 train pfa –',
    '0 test pfa –',
    '8 train pfa –',
    '10 train pfa 40',
    '10 train bp 0',
    '10 test pfa –',
    '16 train bp –',
  ]);
  expect(JSON.parse(textOf(toJson(written(history), [])))).toMatchObject({
    segments: [
      { step: 0, rule: 'pfa' },
      { step: 10, rule: 'bp' },
    ],
    changes: [
      { step: 10, key: 'rule', label: 'BP' },
      { step: 12, key: 'rate', label: 'learning rate 0.03' },
    ],
  });
});

test('a step that one rule was looked at twice has one line of it, with what came last', () => {
  const history = new History();
  history.restart('pfa', ['layer 1'], 1);
  const none = new Float32Array();
  history.append({
    train: new Float32Array([10, 2, 1, 3, 0.5]),
    test: none,
    alignment: new Float32Array([10, 9, 1, 9]),
  });
  for (const [rule, angle] of [
    ['bp', 0],
    ['pfa', 8],
  ] as const) {
    history.changeRule(10, rule, rule);
    history.append({ train: none, test: none, alignment: new Float32Array([10, 90, 1, 90, 10, angle, 1, angle]) });
  }
  const told = linesIn(history).map(({ rule, loss, layers }) => [rule, loss, layers[0].angle]);
  expect(told).toEqual([
    ['pfa', 2, 8],
    ['bp', null, 0],
  ]);
});

test('of a run that has not begun there is only the header', () => {
  const nothing = { experiment, curves: new History().record(), stepsPerEpoch: 0 };
  expect([...linesOf(nothing.curves, 7, 0)]).toEqual([]);
  expect([...toCsv(nothing, [])]).toEqual(['step,epoch,split,replica,seed,rule,loss,accuracy\n']);
  expect(JSON.parse(textOf(toJson(nothing, [])))).toMatchObject({ changes: [], lines: [] });
});

test('a run of 300,000 steps has a line for each of them, and the first is there before the last is made', () => {
  const history = new History();
  history.restart('pfa', ['layer 1'], 1);
  const train = new Float32Array(5 * 300_000);
  for (let step = 0; step < 300_000; step++) train.set([step + 1, 2, 1, 3, 0.25], 5 * step);
  history.append({ train, test: new Float32Array(), alignment: new Float32Array([300_000, 80, 2, 40]) });
  const long = { ...written(history), stepsPerEpoch: 937 };
  const begun = toCsv(long, []);
  begun.next();
  expect(begun.next().value).toMatch(/^1,/);
  const csv = [...toCsv(long, [])];
  expect(csv).toHaveLength(1 + 300_000);
  expect(csv.at(-1)?.trimEnd().split(',').slice(-5)).toEqual(['2', '0.25', '80', '2', '40']);
  const { lines: read } = JSON.parse(textOf(toJson(long, []))) as { lines: unknown[] };
  expect(read).toHaveLength(300_000);
  expect(read.at(-1)).toMatchObject({ step: 300_000, layers: [{ angle: 80 }] });
});

describe('earlier runs', () => {
  const earlier = [4, 6].map((number) => {
    const history = new History();
    history.restart('fa', ['layer 1'], 1);
    const train = new Float32Array([number, 2, 1, 3, 0.25]);
    history.append({ train, test: new Float32Array(), alignment: new Float32Array([number, 80, 2, 40]) });
    history.mark(number, 'rate', 'learning rate 0.5', 0, '0.1');
    history.append({
      train: new Float32Array([9, 2, 1, 3, 0.25]),
      test: new Float32Array(),
      alignment: new Float32Array(),
    });
    return { ...earlierOf(history, number, { ...defaultsFor('fa'), seed: 20 }), stepsPerEpoch: 10 };
  });

  test('stand before the present one in CSV, a column says which is which, and all have the same columns', () => {
    const [header, ...rows] = textOf(toCsv(written(run()), earlier))
      .trimEnd()
      .split('\n');
    const [alone, ...own] = textOf(toCsv(written(run()), []))
      .trimEnd()
      .split('\n');
    expect(header).toBe(`run,${alone}`);
    expect(rows.slice(0, 2)).toEqual(['4,4,0.4,train,0,20,fa,2,0.25,80,2,40,,,', '4,9,0.9,train,0,20,fa,2,0.25,,,,,,']);
    expect(rows[2]).toMatch(/^6,6,/);
    expect(rows.slice(4)).toEqual(own.map((row) => `present,${row}`));
  });

  test('stand beside the present one in JSON, with what was changed on their way', () => {
    const { runs, ...present } = JSON.parse(textOf(toJson(written(run()), earlier))) as { runs: unknown };
    expect(present).toEqual(JSON.parse(textOf(toJson(written(run()), []))));
    const changes = [{ step: 4, key: 'rate', label: 'learning rate 0.5', before: '0.1' }];
    expect(runs).toMatchObject([
      {
        run: 4,
        experiment: { rule: 'fa', seed: 20 },
        changes,
        lines: [{ step: 4, layers: [{ angle: 80 }] }, { step: 9 }],
      },
      { run: 6 },
    ]);
  });
});
