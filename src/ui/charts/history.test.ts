import { describe, expect, test } from 'vitest';
import { defaultExperiment } from '../../model/fields.ts';
import { History, metrics, type Metric } from './history.ts';

const none = new Float32Array(0);
const last = (history: History, metric: Metric, line = 0) => {
  const samples = history.of(metric)[line]?.samples;
  const i = (samples?.length ?? 0) - 1;
  return { x: samples?.x[i], y: samples?.y[i], low: samples?.low[i], high: samples?.high[i] };
};

function historyOf(layers: number, replicas: number): History {
  const history = new History();
  history.restart(
    'pfa',
    Array.from({ length: layers }, (_, i) => `layer ${i + 1}`),
    replicas,
  );
  return history;
}

describe('History', () => {
  test('one replica: the band of the training loss is the extremes of its batches', () => {
    const history = historyOf(1, 1);
    history.append({ train: new Float32Array([8, 2, 1.5, 3, 0.25, 16, 1, 0.5, 2, 0.5]), test: none, alignment: none });
    expect(history.of('trainLoss')[0]?.length).toBe(2);
    expect(last(history, 'trainLoss')).toEqual({ x: 16, y: 1, low: 0.5, high: 2 });
    expect(last(history, 'trainAccuracy')).toEqual({ x: 16, y: 0.5, low: 0.5, high: 0.5 });
    expect(history.lastStep).toBe(16);
  });

  test('several replicas: mean ± standard deviation with n - 1', () => {
    const history = historyOf(1, 3);
    history.append({ train: none, test: new Float32Array([10, 1, 0.5, 2, 0.75, 3, 1]), alignment: none });
    expect(last(history, 'testLoss')).toEqual({ x: 10, y: 2, low: 1, high: 3 });
    expect(last(history, 'testAccuracy')).toEqual({ x: 10, y: 0.75, low: 0.5, high: 1 });
  });

  test('alignment rows are layer by layer, replica by replica', () => {
    const history = historyOf(2, 2);
    const row = [5, 90, 1, 60, 80, 1, 70, 20, 2, 10, 40, 4, 30];
    history.append({ train: none, test: none, alignment: new Float32Array([...row, 6, ...row.slice(1)]) });
    expect(history.of('angle').map((line) => line.samples.y[0])).toEqual([85, 30]);
    expect(history.of('ratio').map((line) => line.samples.y[1])).toEqual([1, 3]);
    expect(history.of('update').map((line) => line.samples.y[1])).toEqual([65, 20]);
  });

  test('what is undefined (NaN) makes no sample, and the other lines go on', () => {
    const history = historyOf(2, 1);
    history.append({ train: none, test: none, alignment: new Float32Array([5, NaN, NaN, 60, 20, 2, 10]) });
    expect(history.of('angle').map((line) => line.length)).toEqual([0, 1]);
    expect(history.of('update').map((line) => line.length)).toEqual([1, 1]);
  });

  test('dragging one setting leaves one mark, another setting another', () => {
    const history = historyOf(1, 1);
    history.mark(1000, 'rate', 'learning rate 0.02', 0);
    history.mark(1010, 'rate', 'learning rate 0.03', 1000);
    history.mark(1020, 'rate', 'learning rate 0.04', 2000);
    history.mark(1030, 'sparsity', 'sparsity 0.5', 2100);
    history.mark(1040, 'sparsity', 'sparsity 0.6', 9000);
    expect(history.marks.map(({ step, label }) => [step, label])).toEqual([
      [1000, 'learning rate 0.04'],
      [1030, 'sparsity 0.5'],
      [1040, 'sparsity 0.6'],
    ]);
  });

  test('a rule that takes over starts a segment; a restart forgets everything', () => {
    const history = historyOf(1, 1);
    history.append({ train: none, test: new Float32Array([10, 1, 0.5]), alignment: none });
    history.changeRule(10, 'fa', 'FA');
    expect(history.segments).toEqual([
      { step: 0, rule: 'pfa' },
      { step: 10, rule: 'fa' },
    ]);
    history.changeRule(10, 'pfa', 'PFA');
    expect([history.segments.length, history.marks.length]).toEqual([1, 0]);
    const before = history.version;
    history.restart('bp', ['layer 1'], 2);
    expect(history.isEmpty).toBe(true);
    expect(history.segments).toEqual([{ step: 0, rule: 'bp' }]);
    expect(history.version).toBeGreaterThan(before);
  });

  test('to compare with others it has nothing of a rule that came last and taught nothing', () => {
    const history = historyOf(1, 1);
    history.append({ train: none, test: new Float32Array([90, 1, 0.5]), alignment: none });
    history.mark(90, 'rate', 'learning rate 0.5', 0);
    history.changeRule(90, 'fa', 'FA');
    const { segments, marks } = history.asEarlier(defaultExperiment, 937);
    expect([segments, marks]).toEqual([[{ step: 0, rule: 'pfa' }], []]);
  });

  test('the newest value is of the rule that teaches now', () => {
    const history = historyOf(1, 1);
    expect(history.latest('angle', 0)).toBeNaN();
    history.append({ train: none, test: none, alignment: new Float32Array([0, 80, 1, 0, 10, 70, 1, 0]) });
    expect(history.latest('angle', 0)).toBe(70);
    history.changeRule(20, 'dfa', 'DFA');
    expect(history.latest('angle', 0)).toBeNaN();
    history.append({ train: none, test: none, alignment: new Float32Array([20, 60, 1, 0]) });
    expect(history.latest('angle', 0)).toBe(60);
  });

  test('a step that two rules were looked at keeps what each of them made of it', () => {
    const history = historyOf(1, 1);
    history.append({ train: none, test: none, alignment: new Float32Array([0, 90, 1, 0, 10, 17, 1, 0]) });
    history.changeRule(10, 'fa', 'FA');
    history.append({ train: none, test: none, alignment: new Float32Array([10, 88, 1, 0]) });
    const [angle] = history.of('angle');
    expect([0, 1, 2].map((sample) => history.segments[angle.partOf(sample)].rule)).toEqual(['pfa', 'pfa', 'fa']);
    expect([0, 1].map((part) => angle.within(part, angle.samples))).toEqual([
      [0, 2],
      [2, 3],
    ]);
  });

  test('going back forgets what came of later steps, in curves, rows and marks', () => {
    const history = historyOf(1, 1);
    const steps = Array.from({ length: 100 }, (_, i) => i);
    const alignment = new Float32Array(steps.flatMap((step) => [step, step, 1, 0]));
    const test = new Float32Array(steps.flatMap((step) => [step, 1 + step, 0.5]));
    history.append({ train: none, test, alignment });
    history.changeRule(100, 'fa', 'FA');
    history.append({ train: none, test: none, alignment: new Float32Array([100, 5, 1, 0, 120, 5, 1, 0]) });
    history.mark(110, 'rate', 'learning rate 0.1', 0);
    history.rewind(49);

    const fresh = historyOf(1, 1);
    fresh.append({ train: none, test: test.slice(0, 150), alignment: alignment.slice(0, 200) });
    for (const metric of ['angle', 'testLoss'] as const) {
      const [line, expected] = [history.of(metric)[0], fresh.of(metric)[0]];
      for (const limit of [Infinity, 20, 5, 1]) {
        const [level, twin] = [line.atMost(limit), expected.atMost(limit)];
        expect(level.y.subarray(0, level.length)).toEqual(twin.y.subarray(0, twin.length));
      }
      expect([line.leastPositive, line.max]).toEqual([expected.leastPositive, expected.max]);
    }
    expect([history.rows.test.length, history.rows.alignment.length]).toEqual([50, 50]);
    expect(history.marks.map(({ step }) => step)).toEqual([49, 49]);
    expect(history.latest('angle', 0)).toBeNaN();
    history.append({ train: none, test: none, alignment: new Float32Array([60, 33, 1, 0]) });
    expect(history.latest('angle', 0)).toBe(33);
  });

  test('what is kept of a run is all there is to it, and of no later step than the run', () => {
    const history = historyOf(2, 1);
    const alignment = (step: number, angle: number) => new Float32Array([step, angle, 1, 5, 80, 1, 6]);
    const train = (step: number) => new Float32Array([step, 2, 1, 3, 0.5]);
    history.append({ train: none, test: new Float32Array([0, 2, 0.1]), alignment: alignment(0, 90) });
    history.append({ train: train(8), test: none, alignment: none });
    history.mark(9, 'rate', 'learning rate 0.1', 100, '0.01');
    history.append({ train: train(10), test: none, alignment: alignment(10, 50) });
    history.changeRule(10, 'fa', 'FA');
    history.append({ train: train(20), test: none, alignment: alignment(10, 88) });
    history.append({ train: none, test: new Float32Array([20, 1, 0.8]), alignment: alignment(20, 85) });

    const opened = historyOf(2, 1);
    opened.replay(structuredClone(history.record()), 20);
    expect(opened.record()).toEqual(history.record());
    expect(opened.segments).toEqual(history.segments);
    for (const metric of metrics) {
      const [lines, expected] = [opened.of(metric), history.of(metric)];
      expect(lines.map(({ samples, starts }) => ({ samples, starts }))).toEqual(
        expected.map(({ samples, starts }) => ({ samples, starts })),
      );
    }
    // Another change right after is another mark.
    opened.mark(20, 'rate', 'learning rate 0.2', 101);
    expect(opened.marks.map(({ step, label }) => [step, label])).toEqual([
      [9, 'learning rate 0.1'],
      [10, 'FA'],
      [20, 'learning rate 0.2'],
    ]);

    const earlier = historyOf(2, 1);
    earlier.replay(history.record(), 10);
    expect([earlier.lastStep, earlier.latest('angle', 0)]).toEqual([10, 88]);
  });
});
