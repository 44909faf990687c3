import { describe, expect, test } from 'vitest';
import { knownDatasets } from '../../model/datasets.ts';
import { defaultExperiment, defaultsFor } from '../../model/fields.ts';
import { layerKinds, parseNetwork } from '../../model/network.ts';
import { printShape } from '../../model/shape.ts';
import { networkOf, outline, samples, summarize } from './outline.ts';

const { mnist } = knownDatasets;

describe('an outline', () => {
  test('shows every layer behind the one before it', () => {
    const rows = outline(['c16k3s2', 'max2', 'flat', '32'], mnist);
    expect(rows.map(({ row }) => row && printShape(row.output))).toEqual(['14×14×16', '7×7×16', '784', '32']);
    expect(rows.map(({ row }) => row?.parameters)).toEqual([160, 0, 0, 25_120]);
  });

  test.each([
    [['32', 'c99999999', '16'], /“c99999999” is not a layer/],
    [['c8k3', 'max40', '16'], /does not fit/],
    [['c8k3', '', '16'], /Write one layer here/],
    [['c8k3', '8-8', '16'], /Write one layer here/],
  ])('%j tells of the layer that is wrong, there alone, and nothing of those behind it', (tokens, problem) => {
    const rows = outline(tokens, mnist);
    expect(rows[0]?.problem).toBeNull();
    expect(rows[0]?.row).not.toBeNull();
    expect(rows[1]?.problem).toMatch(problem);
    expect(rows[2]).toMatchObject({ problem: null, row: null });
  });
});

test('a window behind a fully connected layer is remarked on, and one before it is not', () => {
  const remarks = (tokens: readonly string[]) => outline(tokens, mnist).map(({ remark }) => remark !== null);
  expect(remarks(['c8k3', '32', 'c8k3', '16'])).toEqual([false, false, true, false]);
  expect(remarks(['c8k3', '32', 'c8k1p0'])).toEqual([false, false, false]);
});

describe('the layers of an outline', () => {
  const read = (tokens: readonly string[]) => networkOf(tokens, outline([...tokens, '10l'], mnist));
  const many = (count: number): string[] => Array.from({ length: count }, () => '16');

  test('are a network', () => {
    expect(read(['c8k3', 'flat', '16'])).toEqual({ layers: parseNetwork('c8k3-flat-16') });
    expect(read(many(256))).toEqual({ layers: parseNetwork(many(256).join('-')) });
  });

  test.each([
    ['more layers than a network takes', many(257), /at most 256 layers; this one has 257/],
    ['more text than a network takes', many(100).fill(`a(${many(50).join('-')}-784l)`), /at most 8192 characters/],
    ['a layer that does not fit', ['c8k3', 'max40'], /Correct layer 2, which is marked/],
  ])('are none with %s, and say so', (_, tokens, problem) => {
    expect(read(tokens)).toEqual({ problem: expect.stringMatching(problem) as string });
  });
});

test('there is a layer of every kind to begin with', () => {
  expect(samples).toHaveLength(layerKinds.length);
  for (const { token } of samples) expect(parseNetwork(token)).toHaveLength(1);
});

test('a summary counts the weights in both directions, or says what does not fit', () => {
  const layers = parseNetwork('20');
  const forward = 785 * 20 + 21 * 10;
  expect(summarize({ ...defaultsFor('bp'), layers }, mnist)).toEqual({ shapes: '784 – 20 – 10', forward, feedback: 0 });
  const pfa = { ...defaultExperiment, layers, expansion: 2 };
  expect(summarize(pfa, mnist)).toMatchObject({ forward, feedback: 784 * 40 + 20 * 40 + 20 * 20 + 10 * 20 });
  expect(summarize({ ...pfa, layers: parseNetwork('max30') }, mnist)).toHaveProperty('problem');
});
