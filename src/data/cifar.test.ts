import { expect, test } from 'vitest';
import { type Bytes, concat } from './bytes.ts';
import { cifarFiles, parseCifar, parseRecords } from './cifar.ts';
import { cifarBatch, faultOf, flips, truncations } from './testing.ts';

test('planes become pixels', () => {
  const { count, images, labels } = parseRecords('test_batch.bin', cifarBatch([3, 9]));
  expect(count).toBe(2);
  expect([...labels]).toEqual([3, 9]);
  expect(images).toHaveLength(2 * 32 * 32 * 3);
  const expected = (record: number, y: number, x: number, channel: number): number =>
    (record + 7 * channel + 32 * y + x) % 256;
  for (const [record, y, x, channel] of [
    [0, 0, 0, 0],
    [0, 0, 0, 2],
    [0, 0, 1, 1],
    [1, 5, 31, 0],
    [1, 31, 31, 2],
  ]) {
    expect(images[((record * 32 + y) * 32 + x) * 3 + channel]).toBe(expected(record, y, x, channel));
  }
});

test('six files make the data set, training batches in order', () => {
  const files = new Map<string, Bytes>(
    cifarFiles.toReversed().map((name) => [name, cifarBatch([cifarFiles.indexOf(name)])]),
  );
  const dataset = parseCifar(files);
  expect([...dataset.train.labels]).toEqual([0, 1, 2, 3, 4]);
  expect([...dataset.test.labels]).toEqual([5]);
  expect(dataset).toMatchObject({ id: 'cifar-10', classes: 10, shape: { height: 32, width: 32, channels: 3 } });
  expect(dataset.train.images).toHaveLength(5 * 3072);
});

test('a missing file is named', async () => {
  const fault = await faultOf(() => parseCifar(new Map([['test_batch.bin', cifarBatch([1])]])));
  expect(fault).toMatchObject({ kind: 'missing' });
  expect(fault?.message).toContain('lacks data_batch_1.bin, data_batch_2.bin, data_batch_3.bin');
});

test('every truncation and every wrong label is refused; no other flip is noticed', async () => {
  const file = cifarBatch([7]);
  for (const part of truncations(file)) {
    expect(await faultOf(() => parseRecords('test_batch.bin', part))).toMatchObject({ kind: 'malformed' });
  }
  for (const [, flipped] of flips(file)) {
    const fault = await faultOf(() => parseRecords('test_batch.bin', flipped));
    expect(fault !== undefined).toBe(flipped[0] > 9);
  }
  const second = await faultOf(() => parseRecords('test_batch.bin', concat([file, cifarBatch([200])])));
  expect(second).toMatchObject({ kind: 'malformed', offset: 3073 });
});
