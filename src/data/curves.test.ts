import { describe, expect, test } from 'vitest';
import { areOf, type Curves } from '../model/curves.ts';
import { putCurves, takeCurves } from './curves.ts';
import { readSafetensors, writeSafetensors, type TensorFile } from './safetensors.ts';
import { faultOf } from './testing.ts';

/** Of one network with one weight layer; under FA from step 2 on. */
const curves: Curves = {
  tables: {
    train: { width: 5, numbers: new Float32Array([1, 2, 2, 2, 0.5, 4, 1, 0.5, 1.5, 0.75]) },
    test: { width: 3, numbers: new Float32Array([0, 2.5, 0.1]) },
    alignment: { width: 4, numbers: new Float32Array([0, 90, 1, NaN, 2, 60, 1, 5, 2, 88, 1, 9]) },
  },
  segments: [
    { step: 0, rule: 'pfa', starts: { train: 0, test: 0, alignment: 0 } },
    { step: 2, rule: 'fa', starts: { train: 1, test: 1, alignment: 2 } },
  ],
  changes: [{ step: 2, key: 'rule', label: 'FA', before: 'pfa' }],
};

/** What a file of curves alone holds when it is read. */
function fileOf(kept: Curves): TensorFile {
  const file: TensorFile = { tensors: new Map(), metadata: new Map() };
  putCurves(file, kept);
  return readSafetensors('run.safetensors', writeSafetensors(file), { finite: false });
}

test('curves come out of a file as they went in, and are then no tensors of a network', () => {
  const file = fileOf(curves);
  expect(takeCurves('run.safetensors', file)).toEqual(curves);
  expect([...file.tensors.keys()]).toEqual([]);
  expect(takeCurves('run.safetensors', { tensors: new Map(), metadata: new Map() })).toBeNull();
});

test('so do those of a run of which nothing was reported yet', () => {
  const empty: Curves = {
    tables: {
      train: { width: 5, numbers: new Float32Array() },
      test: { width: 3, numbers: new Float32Array() },
      alignment: { width: 4, numbers: new Float32Array() },
    },
    segments: [{ step: 0, rule: 'bp', starts: { train: 0, test: 0, alignment: 0 } }],
    changes: [],
  };
  expect(takeCurves('run.safetensors', fileOf(empty))).toEqual(empty);
});

test('so do those of a run whose longest setting was changed', () => {
  const drops = Array.from({ length: 1000 }, (_, i) => 10_000 + i).join(', ');
  const changed = { ...curves, changes: [{ step: 2, key: 'rateDrops', label: `rate drops ${drops}`, before: drops }] };
  expect(takeCurves('run.safetensors', fileOf(changed))).toEqual(changed);
});

test('they are of one number of networks and of layers', () => {
  expect(areOf(curves, 1, 1)).toBe(true);
  expect(areOf(curves, 2, 1)).toBe(false);
  expect(areOf(curves, 1, 2)).toBe(false);
});

describe('what the lab would not have written is refused:', () => {
  const said = (change: (data: { segments: Record<string, unknown>[]; changes: unknown[] }) => void) => {
    return (file: TensorFile) => {
      const data = JSON.parse(file.metadata.get('curves') ?? '') as Parameters<typeof change>[0];
      change(data);
      file.metadata.set('curves', JSON.stringify(data));
    };
  };
  test.each<[string, (file: TensorFile) => void, RegExp]>([
    ['no table', ({ tensors }) => tensors.delete('curves.test'), /curves\.test is not a table/],
    [
      'rows without an end',
      ({ tensors }) => tensors.set('curves.test', { shape: [3], data: new Float32Array(3) }),
      /curves\.test is not a table/,
    ],
    [
      'steps that go back',
      ({ tensors }) => tensors.set('curves.test', { shape: [2, 3], data: new Float32Array([9, 1, 1, 8, 1, 1]) }),
      /steps of curves\.test are not in order/,
    ],
    [
      'a step that is no number',
      ({ tensors }) => tensors.set('curves.test', { shape: [1, 3], data: new Float32Array([NaN, 1, 1]) }),
      /steps of curves\.test are not in order/,
    ],
    ['words that are no JSON', ({ metadata }) => metadata.set('curves', '{'), /which rules taught/],
    ['no JSON object', ({ metadata }) => metadata.set('curves', 'null'), /which rules taught/],
    ['nobody who taught', said((data) => (data.segments = [])), /which rules taught/],
    ['an unknown rule', said(({ segments }) => (segments[1]['rule'] = 'hebb')), /which rules taught/],
    [
      'a beginning behind the end',
      said(({ segments }) => (segments[1]['starts'] = { train: 1, test: 2, alignment: 2 })),
      /do not fit curves\.test/,
    ],
    [
      'rows before the first rule',
      said(({ segments }) => (segments[0]['starts'] = { train: 0, test: 0, alignment: 1 })),
      /do not fit curves\.alignment/,
    ],
    [
      'an endless number of words',
      said(({ changes }) => changes.push({ step: 3, key: 'rate', label: 'x'.repeat(100_000), before: '' })),
      /what was changed/,
    ],
    ['a change of nothing', said(({ changes }) => changes.push({ step: 3 })), /what was changed/],
  ])('%s', async (_, damage, message) => {
    const file = fileOf(curves);
    damage(file);
    const fault = await faultOf(() => takeCurves('run.safetensors', file));
    expect(fault?.message).toMatch(message);
    expect(fault?.message).toContain('goes on without them');
    expect([...file.tensors.keys()]).toEqual([]);
  });
});
