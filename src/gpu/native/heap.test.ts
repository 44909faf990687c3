import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Heap } from './heap.ts';

const megabyte = 2 ** 20;

/** A heap on a real memory of up to so many pages of 64 KiB. */
const heapOf = (maximum: number): Heap => new Heap(new WebAssembly.Memory({ initial: 1, maximum }), maximum);

test('what is taken is zero, aligned, and nobody else’s', () => {
  const heap = heapOf(64);
  const commands = fc.array(fc.record({ bytes: fc.integer({ min: 0, max: 50_000 }), frees: fc.boolean() }));
  fc.assert(
    fc.property(commands, (list) => {
      const taken: { at: number; bytes: number; mark: number }[] = [];
      const viewOf = ({ at, bytes }: { at: number; bytes: number }) => new Uint8Array(heap.memory.buffer, at, bytes);
      for (const [i, { bytes, frees }] of list.entries()) {
        const [gone] = frees ? taken.splice(0, 1) : [];
        if (gone) heap.free(gone.at);
        const at = heap.take(bytes, 'a tensor');
        expect(at % 64).toBe(0);
        expect(viewOf({ at, bytes }).every((byte) => byte === 0)).toBe(true);
        const mark = 1 + (i % 255);
        viewOf({ at, bytes }).fill(mark);
        taken.push({ at, bytes, mark });
      }
      for (const each of taken) expect(viewOf(each).every((byte) => byte === each.mark)).toBe(true);
      for (const { at } of taken) heap.free(at);
    }),
  );
});

test('what is given back is taken again, joined with its neighbours', () => {
  const heap = heapOf(1 + 48);
  const thirds = ['a', 'b', 'c'].map((name) => heap.take(megabyte, name));
  for (const at of [thirds[0], thirds[2], thirds[1]]) heap.free(at);
  expect(heap.take(3 * megabyte, 'all')).toBe(thirds[0]);
  expect(() => heap.free(thirds[1])).toThrow('Nothing was taken');
});

test('a tensor that can never fit is too big; one that does not fit now finds no memory; the others stay', () => {
  const heap = heapOf(1 + 32);
  expect(() => heap.take(2 * megabyte + 1, 'layer 1')).toThrow(/layer 1 takes 2.01 MiB.*at most 2 MiB/);
  const at = heap.take(megabyte, 'layer 1');
  expect(() => heap.take(1.5 * megabyte, 'layer 2')).toThrow(/layer 2 takes 1.5 MiB.*no more memory/);
  heap.free(at);
  expect(heap.take(2 * megabyte, 'layer 2')).toBe(at);
});
