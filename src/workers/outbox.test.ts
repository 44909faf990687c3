import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Score } from '../gpu/score-ring.ts';
import { Outbox } from './outbox.ts';
import type { Frame, Status } from './protocol.ts';

const status: Status = {
  phase: 'running',
  activity: null,
  fault: null,
  step: 0,
  totalSteps: 10,
  stepsPerEpoch: 5,
  stepsPerSecond: 0,
  imagesPerSecond: 0,
  eta: null,
  device: null,
};
const score = (loss: number): Score => ({ loss: Float64Array.of(loss), accuracy: Float64Array.of(loss / 10) });

function open(): { outbox: Outbox; frames: Frame[] } {
  const frames: Frame[] = [];
  return { outbox: new Outbox(status, (frame) => frames.push(frame)), frames };
}

test('while a frame is under way, steps pile up in one row that keeps their extremes', () => {
  const { outbox, frames } = open();
  outbox.train(1, [score(1)]);
  for (const [step, loss] of [2, 9, 4].entries()) outbox.train(step + 2, [score(loss)]);
  expect(frames).toHaveLength(1);
  expect([...frames[0].train]).toEqual([1, 1, 1, 1, Math.fround(0.1)]);
  outbox.acknowledge(frames[0].number);
  expect([...frames[1].train]).toEqual([4, 5, 2, 9, 0.5]);
  outbox.acknowledge(frames[1].number);
  expect(frames).toHaveLength(2);
});

test('it is delivered when the page has drawn what is under way, and what came meanwhile', async () => {
  const { outbox, frames } = open();
  await outbox.delivered();
  outbox.train(1, [score(1)]);
  outbox.train(2, [score(2)]);
  let told = false;
  const delivered = outbox.delivered().then(() => (told = true));
  outbox.acknowledge(frames[0].number);
  await Promise.resolve();
  expect([told, frames.length]).toEqual([false, 2]);
  outbox.acknowledge(frames[1].number);
  await delivered;
});

test('one frame at a time, no step lost or counted twice, whenever the page answers', () => {
  const events = fc.array(fc.oneof(fc.double({ min: 0, max: 5, noNaN: true }), fc.constant(null)), { maxLength: 60 });
  fc.assert(
    fc.property(events, (list) => {
      const { outbox, frames } = open();
      let acknowledged = 0;
      let step = 0;
      const answer = (): void => {
        if (frames.length > acknowledged) outbox.acknowledge(frames[acknowledged++].number);
      };
      for (const loss of list) {
        if (loss === null) answer();
        else outbox.train(++step, [score(loss)]);
        expect(frames.length - acknowledged).toBeLessThanOrEqual(1);
      }
      while (frames.length > acknowledged) answer();
      const rows = frames.filter((frame) => frame.train.length > 0);
      expect(rows.at(-1)?.train[0] ?? 0).toBe(step);
      const losses = list.filter((loss) => loss !== null);
      // Each row is the mean over the steps since the row before it.
      let from = 0;
      for (const { train } of rows) {
        const part = losses.slice(from, train[0]);
        expect(train[1]).toBeCloseTo(part.reduce((a, b) => a + b, 0) / part.length, 5);
        expect(train[3]).toBe(Math.fround(Math.max(...part)));
        from = train[0];
      }
    }),
  );
});

test('of a page that does not draw, looks and tests are thinned out: none is wrong, and first and newest are there', () => {
  const { outbox, frames } = open();
  outbox.status(status);
  for (let step = 1; step <= 5000; step++) {
    outbox.test(step, score(step / 2));
    outbox.alignment(step, [[{ angle: step, ratio: step + 1, updateAngle: step + 2 }]]);
  }
  outbox.acknowledge(frames[0].number);
  const rowsOf = (numbers: Float32Array, width: number): number[][] =>
    Array.from({ length: numbers.length / width }, (_, i) => [...numbers.subarray(i * width, (i + 1) * width)]);
  const [tests, looks] = [rowsOf(frames[1].test, 3), rowsOf(frames[1].alignment, 4)];
  for (const rows of [tests, looks]) {
    expect(rows.length).toBeLessThan(1024);
    const steps = rows.map(([step]) => step);
    expect(steps).toEqual(steps.toSorted((a, b) => a - b));
    expect([steps[0], steps.at(-1)]).toEqual([1, 5000]);
  }
  expect(tests).toEqual(tests.map(([step]) => [step, step / 2, Math.fround(step / 20)]));
  expect(looks).toEqual(looks.map(([step]) => [step, step, step + 1, step + 2]));
});

test('news of an older run is dropped', () => {
  const { outbox, frames } = open();
  outbox.status(status);
  outbox.train(1, [score(1)]);
  outbox.test(1, score(2));
  outbox.begin(1);
  outbox.acknowledge(frames[0].number);
  expect(frames[1]).toMatchObject({ run: 1, train: new Float32Array(0), test: new Float32Array(0) });
});

test('news of steps that a run has gone back behind is void, sent or not', () => {
  const { outbox, frames } = open();
  outbox.status(status);
  outbox.train(5, [score(1)]);
  outbox.test(5, score(2));
  outbox.test(9, score(3));
  outbox.alignment(9, [[{ angle: 1, ratio: 1, updateAngle: 1 }]]);
  outbox.train(9, [score(1)]);
  outbox.goBack(6);
  outbox.train(7, [score(4)]);
  outbox.acknowledge(frames[0].number);
  const { back, train, test: tests, alignment } = frames[1];
  expect([back, [...train].slice(0, 2), [...tests].slice(0, 2), alignment.length]).toEqual([6, [7, 4], [5, 2], 0]);
  outbox.acknowledge(frames[1].number);
  outbox.train(8, [score(1)]);
  expect(frames[2].back).toBeNull();
});

test('what another network tells, that has taken over, is of a part of its own and comes after the rest', () => {
  const { outbox, frames } = open();
  outbox.status(status);
  outbox.train(4, [score(1)]);
  outbox.alignment(4, [[{ angle: 80, ratio: 1, updateAngle: 1 }]]);
  outbox.takeOver(4);
  expect(outbox.part).toBe(1);
  outbox.alignment(4, [[{ angle: 20, ratio: 1, updateAngle: 1 }]]);
  outbox.train(5, [score(2)]);
  for (let sent = 0; sent < 3; sent++) outbox.acknowledge(frames[sent].number);
  const told = frames.map(({ part, back, train, alignment }) => [part, back, train[0], alignment[1]]);
  expect(told).toEqual([
    [0, null, undefined, undefined],
    [0, null, 4, 80],
    [1, 4, 5, 20],
  ]);
  outbox.begin(1);
  expect(outbox.part).toBe(0);
});
