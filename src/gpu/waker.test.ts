import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { isDrowsy, Waker } from './waker.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** A queue that is done at once, but is asked only every `turn` milliseconds, and whenever something is submitted. */
function queueAsked(turn: number): GPUQueue {
  const waiting: (() => void)[] = [];
  const look = (): void => {
    for (const tell of waiting.splice(0)) tell();
  };
  setInterval(look, turn);
  return {
    submit: look,
    onSubmittedWorkDone: () => new Promise<void>((resolve) => waiting.push(resolve)),
  } as unknown as GPUQueue;
}

async function passing<T>(work: Promise<T>): Promise<T> {
  await vi.advanceTimersByTimeAsync(1000);
  return work;
}

test('a queue that is asked every 100 ms is drowsy, whenever the first question comes', async () => {
  const queue = queueAsked(100);
  await vi.advanceTimersByTimeAsync(95);
  expect(await passing(isDrowsy(queue))).toBe(true);
  expect(await passing(isDrowsy(queueAsked(5)))).toBe(false);
});

test('while one waits, a drowsy queue answers at once; when nobody does, it is left alone', async () => {
  const queue = queueAsked(100);
  const submit = vi.spyOn(queue, 'submit');
  const waker = new Waker(queue);
  const began = performance.now();
  const took = [1, 2].map(async () => {
    await waker.until(queue.onSubmittedWorkDone());
    return performance.now() - began;
  });
  await vi.advanceTimersByTimeAsync(1000);
  expect(await Promise.all(took)).toEqual([2, 2]);
  expect(submit).toHaveBeenCalledTimes(1);
});

test('work that fails is no longer waited for', async () => {
  const queue = queueAsked(100);
  const submit = vi.spyOn(queue, 'submit');
  const waiting = new Waker(queue).until(Promise.reject(new Error('lost')));
  await expect(waiting).rejects.toThrow('lost');
  await vi.advanceTimersByTimeAsync(1000);
  expect(submit).not.toHaveBeenCalled();
});
