import { expect, test } from 'vitest';
import { defaultExperiment } from '../../model/fields.ts';
import { History } from '../charts/history.ts';
import { linesOf, toCsv, toJson } from './numbers.ts';

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
  const lines = linesOf(run(), 7, 100);
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
  const lines = linesOf(run(), 7, 100);
  const [header, first, ...rest] = toCsv(lines).join('').trimEnd().split('\n');
  expect(header).toBe(
    'step,epoch,split,replica,seed,rule,loss,accuracy,layer0.angle,layer0.ratio,layer0.gradAngle,layer1.angle,layer1.ratio,layer1.gradAngle',
  );
  expect(first).toBe('0,0,train,0,7,pfa,,,90,1,45,,,30');
  expect(rest).toHaveLength(9);
  expect(new Set([header, first, ...rest].map((row) => row?.split(',').length))).toEqual(new Set([14]));
  expect(JSON.parse(toJson(defaultExperiment, lines, []).join(''))).toMatchObject({
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
  const lines = linesOf(history, 7, 100);
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
  expect(JSON.parse(toJson(defaultExperiment, lines, history.marks).join(''))).toMatchObject({
    changes: [
      { step: 10, change: 'BP' },
      { step: 12, change: 'learning rate 0.03' },
    ],
  });
});

test('of a run that has not begun there is only the header', () => {
  expect(toCsv(linesOf(new History(), 1, 0))).toEqual(['step,epoch,split,replica,seed,rule,loss,accuracy\n']);
  expect(JSON.parse(toJson(defaultExperiment, [], []).join(''))).toMatchObject({ changes: [], lines: [] });
});

test('a run of 300,000 steps has a line for each of them', () => {
  const history = new History();
  history.restart('pfa', ['layer 1'], 1);
  const train = new Float32Array(5 * 300_000);
  for (let step = 0; step < 300_000; step++) train.set([step + 1, 2, 1, 3, 0.25], 5 * step);
  history.append({ train, test: new Float32Array(), alignment: new Float32Array([300_000, 80, 2, 40]) });
  const lines = linesOf(history, 1, 937);
  const csv = toCsv(lines);
  expect(csv).toHaveLength(1 + 300_000);
  expect(csv.at(-1)?.trimEnd().split(',').slice(-5)).toEqual(['2', '0.25', '80', '2', '40']);
  const { lines: read } = JSON.parse(toJson(defaultExperiment, lines, []).join('')) as { lines: unknown[] };
  expect(read).toHaveLength(300_000);
  expect(read.at(-1)).toEqual(lines.at(-1));
});
