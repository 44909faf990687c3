import { describe, expect, test } from 'vitest';
import { defaultsFor } from '../../model/fields.ts';
import { parseNetwork } from '../../model/network.ts';
import { recommended, resnet20 } from '../../model/presets.ts';
import {
  describeEarlier,
  describePresent,
  makeRoom,
  nameOf,
  tellEarlier,
  titleOf,
  withEarlier,
  type EarlierRun,
} from './earlier.ts';
import { runBefore } from './scene-testing.ts';

describe('earlier runs', () => {
  test('are the longest of those that must be equal, and none that barely began', () => {
    const runs = [3, 4, 5].map((seed) => runBefore(seed, 400, 'fa', { seed }));
    const numbersWith = (run: EarlierRun): number[] => withEarlier(runs, run).map(({ number }) => number);
    expect(withEarlier(runs, runBefore(7, 300, 'fa', { seed: 4, epochs: 3 }))).toBe(runs);
    expect(numbersWith(runBefore(7, 900, 'fa', { seed: 4 }))).toEqual([3, 5, 7]);
    expect(withEarlier(runs, runBefore(7, 0, 'bp'))).toBe(runs);
    // What was changed on the way, or where a file began, bends curves.
    const tuned = {
      ...runBefore(7, 900, 'fa', { seed: 4 }),
      marks: [{ step: 50, key: 'rate', label: '', time: 0, before: '0.2' }],
    };
    expect(numbersWith(tuned)).toEqual([3, 4, 5, 7]);
    expect(numbersWith({ ...runBefore(7, 900, 'fa', { seed: 4 }), firstStep: 500 })).toEqual([3, 4, 5, 7]);
    // A file may know of an epoch here and there only.
    const opened = { ...runBefore(1, 900, 'fa', { seed: 9 }), file: 'metrics.jsonl' };
    expect(withEarlier([opened], runBefore(2, 400, 'fa', { seed: 9 }))).toHaveLength(2);
  });

  test('are at most eight: the oldest give way', () => {
    const runs = Array.from({ length: 10 }, (_, i) => runBefore(i + 1, 400));
    expect(makeRoom(runs)).toEqual({ kept: runs.slice(2), gone: runs.slice(0, 2) });
    expect(makeRoom(runs.slice(2)).gone).toEqual([]);
  });

  test('have a short name, however many rules taught them', () => {
    const run = runBefore(4, 400);
    const segments = ['fa', 'pfa', 'bp'].map((rule, i) => ({ step: 100 * i, rule }));
    expect([nameOf(run), nameOf({ ...run, segments })]).toEqual(['FA #4', '… BP #4']);
    expect(describeEarlier({ ...run, segments }, run.experiment)).toBe('FA → PFA → BP');
  });

  test('are told from the present one by what differs', () => {
    const present = defaultsFor('bp');
    expect(describeEarlier(runBefore(1, 400, 'fa'), present)).toBe('FA');
    const other = runBefore(1, 400, 'fa', { seed: 3, rate: 0.5, batch: 8 });
    expect(describeEarlier(other, present)).toBe('FA, learning rate 0.5, seed 3, …');
    expect(titleOf(other, present)).toBe('#1 FA, learning rate 0.5, seed 3, …');
    const tuned = { ...other, marks: [{ step: 50, key: 'rate', label: 'learning rate 0.5', time: 0, before: '0.1' }] };
    expect(tellEarlier(tuned, present)).toBe(
      'FA, learning rate 0.1 → 0.5, seed 3, batch 8; learning rate 0.5 from step 50',
    );
    expect(tellEarlier({ ...other, file: 'a.json' }, present)).toBe(
      'FA, learning rate 0.5, seed 3, batch 8; opened from a.json',
    );
    // Not by what goes with their rules.
    expect(describeEarlier(runBefore(1, 400, 'bp'), defaultsFor('pfa'))).toBe('BP');
    expect(describeEarlier(runBefore(1, 400, 'bp', { earlyDecay: 0.01 }), defaultsFor('pfa'))).toBe(
      'BP, early weight decay 0.01',
    );
    // Nor by what goes with their networks, but by these.
    const on = (notation: string): EarlierRun => runBefore(1, 400, 'fa', recommended('fa', parseNetwork(notation)));
    expect(
      ['24-16', '', 'c8k3s2-c16k3s2-flat', 'c9k3s2-c9k3s2-flat', resnet20(4)].map((notation) =>
        describeEarlier(on(notation), defaultsFor('bp')),
      ),
    ).toEqual([
      'FA, network 24-16',
      'FA, network without hidden layers',
      'FA, network Small CNN',
      'FA, network c9k3s2-c9k3s2-flat',
      'FA, network c4k3nl-bn-a(c4k3nl-bn-c4…6k3nl-bnl)-gavg',
    ]);
    // Nor by what came with a rule that took over.
    const taken = runBefore(1, 400, 'fa', { rate: present.rate });
    const segments = [...taken.segments, { step: 200, rule: 'bp' }];
    const decay = { step: 200, key: 'earlyDecay', label: 'early weight decay 0.0001', time: 0, before: '0.03' };
    expect(describeEarlier({ ...taken, segments, marks: [decay] }, present)).toBe('FA → BP');
    // Also where it ended as the present one is set.
    const ended = { ...runBefore(1, 400, 'bp'), marks: [{ ...tuned.marks[0], before: '0.1' }] };
    expect(describeEarlier(ended, present)).toBe('BP, learning rate 0.1 → 0.01');
  });
  test('tell every value that a setting had in turn, of many the ends', () => {
    const told = (before: readonly string[], sparsity: number): string => {
      const marks = before.map((value, i) => ({ step: 50 * i, key: 'sparsity', label: '', time: 0, before: value }));
      return describeEarlier({ ...runBefore(1, 400, 'fa', { sparsity }), marks }, defaultsFor('fa'));
    };
    expect(told(['0', '0.9'], 0)).toBe('FA, feedback sparsity 0 → 0.9 → 0');
    expect(told(['0', '0.9', '0.9'], 0.5)).toBe('FA, feedback sparsity 0 → 0.9 → 0.5');
    expect(told(['0', '0.2', '0.4', '0.6'], 0)).toBe('FA, feedback sparsity 0 → … → 0');
  });

  test('set the present one apart by the same settings', () => {
    const present = { experiment: defaultsFor('fa'), segments: [{ step: 0, rule: 'fa' }], marks: [] };
    const earlier = [runBefore(1, 400, 'fa', { rate: 0.5 }), runBefore(2, 400, 'fa', { seed: 3 })];
    expect(describePresent(present, earlier)).toBe('FA, learning rate 0.01, seed 1');
    const mark = { step: 50, key: 'sparsity', label: '', time: 0, before: '0.9' };
    expect(describePresent({ ...present, marks: [mark] }, earlier)).toBe(
      'FA, learning rate 0.01, feedback sparsity 0.9 → 0, seed 1',
    );
  });
});
