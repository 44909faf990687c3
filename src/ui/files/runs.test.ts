import { describe, expect, test } from 'vitest';
import { printExperiment } from '../../model/codec.ts';
import type { Experiment } from '../../model/experiment.ts';
import { defaultsFor } from '../../model/fields.ts';
import type { Metrics } from '../../model/metrics.ts';
import { History } from '../charts/history.ts';
import { toJson, type Written } from './numbers.ts';
import { runOf, runsIn } from './runs.ts';

const fa: Experiment = { ...defaultsFor('fa'), layers: [], replicas: 2, seed: 7 };
const experiment = printExperiment(fa);

/** What a file tells after it was written. */
const exported = (present: Written, earlier: readonly (Written & { readonly number: number })[] = []): unknown =>
  JSON.parse([...toJson(present, earlier)].join(''));

/** Two networks with a layer each, which FA taught, then BP, then FA again. */
function run(): Written {
  const history = new History();
  history.restart('fa', ['layer 1'], 2);
  const none = new Float32Array();
  const row = (step: number) => [step, 2, 2, 2, 0.25, 4, 4, 4, 0.5];
  history.append({
    train: new Float32Array([...row(8), ...row(10)]),
    test: new Float32Array([0, 2.5, 0.125, 2.25, 0.25, 10, NaN, 0.5, 1.5, 0.625]),
    alignment: new Float32Array([0, 90, 1, 45, 80, 2, NaN, 10, 70, 1, 45, 60, 2, 30]),
  });
  history.changeRule(10, 'bp', 'BP');
  history.append({ train: none, test: none, alignment: new Float32Array([10, 1, 2, 3, 4, 5, 6]) });
  history.mark(12, 'rate', 'learning rate 0.03', 0, '0.1');
  history.append({ train: new Float32Array(row(16)), test: none, alignment: none });
  history.changeRule(16, 'fa', 'FA');
  history.append({ train: new Float32Array(row(20)), test: none, alignment: new Float32Array([16, 9, 9, 9, 9, 9, 9]) });
  return { experiment: fa, curves: history.record(), stepsPerEpoch: 8 };
}

describe('what the page exports', () => {
  test('is read as it was written: every number, rule and change of every network', () => {
    expect(runsIn('a.json', exported(run()))).toEqual([{ file: 'a.json', ...run() }]);
    const drawn = History.of(run().curves);
    expect(drawn.of('angle')[0].samples.y.slice(0, 4)).toEqual(new Float32Array([85, 65, 2.5, 9]));
  });

  test('brings the earlier runs along, before the present one, but for what had not begun', () => {
    const empty = new History();
    empty.restart('bp', ['layer 1'], 1);
    const begun = { experiment: defaultsFor('bp'), curves: empty.record(), stepsPerEpoch: 8 };
    const bp = { ...run(), experiment: { ...fa, seed: 9 }, number: 4 };
    const seeds = (runs: readonly Written[] | null) => runs?.map((each) => each.experiment.seed);
    expect(seeds(runsIn('a.json', exported(run(), [bp])))).toEqual([9, 7]);
    expect(seeds(runsIn('a.json', exported(begun, [bp])))).toEqual([9]);
    expect(() => runsIn('a.json', exported(begun))).toThrow(/^a.json has numbers of one step at most/);
  });

  test('is told from what holds no numbers', () => {
    expect(runsIn('a.json', experiment)).toBeNull();
    expect(runsIn('a.json', { step: 3, experiment, results: [] })).toBeNull();
    expect(runsIn('a.json', [1, 2])).toBeNull();
    expect(runsIn('a.json', null)).toBeNull();
  });
});

const lineAt = (step: number, replica: number, change: Partial<Metrics> = {}): Metrics => ({
  step,
  epoch: step / 25,
  split: 'test',
  replica,
  seed: 7 + replica,
  loss: 2 + replica,
  accuracy: 0.5,
  layers: [{ angle: 80 - replica, ratio: 1, gradAngle: null }],
  ...change,
});
const text = (lines: readonly unknown[]): string => lines.map((line) => `${JSON.stringify(line)}\n`).join('');
const log = [0, 25, 50].flatMap((step) => [lineAt(step, 0), lineAt(step, 1)]);

describe('what a terminal writes', () => {
  test('is one run of all its seeds, whose figures are those of the settings beside it', () => {
    const [{ curves, ...rest }] = runOf('metrics.jsonl', text(log), experiment);
    expect(rest).toEqual({ file: 'metrics.jsonl', experiment: fa, stepsPerEpoch: 25 });
    expect(curves.tables.test.numbers).toEqual(
      new Float32Array([0, 2, 0.5, 3, 0.5, 25, 2, 0.5, 3, 0.5, 50, 2, 0.5, 3, 0.5]),
    );
    expect(curves.tables.alignment.numbers.slice(7, 14)).toEqual(new Float32Array([25, 80, 1, NaN, 79, 1, NaN]));
    expect(curves.segments).toEqual([{ step: 0, rule: 'fa', starts: { train: 0, test: 0, alignment: 0 } }]);
  });

  test('may end within a line, or within a step, where the job was killed', () => {
    const cut = text([...log, lineAt(75, 0), lineAt(75, 1)]).slice(0, -30);
    const { numbers } = runOf('metrics.jsonl', cut, experiment)[0].curves.tables.test;
    expect(numbers.slice(-5)).toEqual(new Float32Array([75, 2, 0.5, NaN, NaN]));
  });

  test('is read from what merge has joined, too: a run for every folder', () => {
    const rows = ['a', 'b'].flatMap((folder) => log.map((line) => ({ run: folder, experiment, ...line })));
    const runs = runsIn('results.json', rows);
    expect(runs).toHaveLength(2);
    expect(runs?.[1]).toEqual({ ...runOf('metrics.jsonl', text(log), experiment)[0], file: 'results.json, b' });
    const finals = rows.filter(({ step }) => step === 50);
    expect(() => runsIn('results.json', [])).toThrow(/^results.json has numbers of one step at most/);
    expect(() => runsIn('results.json', finals)).toThrow(/^results.json has numbers of one step at most.*--curves/);
  });
});

test.for([
  [text(log).replace('"loss"', 'loss'), experiment, 'line 1 is no JSON'],
  [text([...log, { hello: 1 }]), experiment, 'number 7 of its lines does not hold the figures of a run'],
  [text([...log, lineAt(75, 0, { loss: '2' as never })]), experiment, 'number 7 of its lines does not hold'],
  [text([...log, lineAt(25, 0)]), experiment, 'number 7 of its lines, of step 25, stands behind step 50'],
  [text([...log, lineAt(75, 2)]), experiment, 'is of network 3, and its experiment has 2'],
  [
    text([...log, lineAt(75, 0, { layers: [...log[0].layers, ...log[0].layers] })]),
    experiment,
    'tells of 1 layers, and others of 2',
  ],
  [text([...log, { ...lineAt(75, 0), rule: 'bp' }]), experiment, 'is of a rule that did not teach there'],
  [text(log), { ...experiment, rule: 'magic' }, 'its experiment cannot be used. Learning rule “magic” is not one of'],
  [text(log), { hello: 1 }, 'its experiment cannot be used. There is no setting “hello”'],
  [text(log), {}, 'it does not say of which experiment it is'],
] as const)('what is wrong with a file of figures is said: %#', ([lines, settings, what]) => {
  const read = (): unknown => runOf('metrics.jsonl', lines, settings);
  expect(read).toThrow(what);
  expect(read).toThrow(/^metrics.jsonl: .*\. Open it as the page or the terminal wrote it\.$/);
});

test.for([
  [{ segments: [] }, 'which rules taught'],
  [{ segments: [{ step: 0, rule: 'magic' }] }, 'which rules taught'],
  [{ changes: [{ step: 1, change: 'BP' }] }, 'what was changed'],
  [{ lines: 3 }, 'no list'],
])('so is what is wrong with exported numbers: %#', ([change, what]) => {
  const file = { ...(exported(run()) as object), ...(change as object) };
  expect(() => runsIn('a.json', file)).toThrow(what);
});
