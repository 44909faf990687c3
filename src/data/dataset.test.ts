import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fromIdx, imageShape, type Part, toIdx } from './dataset.ts';
import type { IdxArray } from './idx.ts';
import { faultOf } from './testing.ts';

const meta = { id: 'tiny', name: 'Tiny', classes: 3, mean: [0.5], std: [0.25] };
const bytes = (shape: number[], data: number[]): IdxArray => ({ type: 'u8', shape, data: Uint8Array.from(data) });
const floats = (shape: number[], data: number[]): IdxArray => ({ type: 'f64', shape, data: Float64Array.from(data) });
const tiny: Record<Part, IdxArray> = {
  trainImages: bytes([2, 1, 3], [1, 2, 3, 4, 5, 6]),
  trainLabels: bytes([2], [0, 2]),
  testImages: bytes([1, 1, 3], [7, 8, 9]),
  testLabels: bytes([1], [1]),
};

test('four arrays make a data set', () => {
  expect(fromIdx(tiny, meta)).toEqual({
    ...meta,
    shape: { height: 1, width: 3, channels: 1 },
    train: { count: 2, images: Uint8Array.of(1, 2, 3, 4, 5, 6), labels: Uint8Array.of(0, 2) },
    test: { count: 1, images: Uint8Array.of(7, 8, 9), labels: Uint8Array.of(1) },
  });
});

test('toIdx undoes fromIdx, with one channel and with three', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 4 }), fc.constantFrom(1, 3), (h, w, c) => {
      const images = (n: number): IdxArray =>
        bytes(
          c === 1 ? [n, h, w] : [n, h, w, c],
          Array.from({ length: n * h * w * c }, (_, i) => i),
        );
      const arrays = { ...tiny, trainImages: images(2), testImages: images(1) };
      expect(toIdx(fromIdx(arrays, meta))).toEqual(arrays);
    }),
  );
});

test('floats of either width become float32, and rows of numbers are images one pixel high', () => {
  const arrays = { ...tiny, trainImages: floats([2, 2], [0.1, -1, 2, 3]), testImages: floats([1, 2], [0, 1]) };
  const { shape, train } = fromIdx(arrays, meta);
  expect(shape).toEqual({ height: 1, width: 2, channels: 1 });
  expect(train.images).toEqual(Float32Array.of(0.1, -1, 2, 3));
});

test('channels are counted before anything is made of their numbers', async () => {
  const zeros = bytes([1, 1, 1, 4], [0, 0, 0, 0]);
  expect((await faultOf(() => imageShape(zeros)))?.message).toMatch(/bytes have at most 3 channels/);
});

test.each<[string, Partial<Record<Part, IdxArray>>, RegExp]>([
  [
    'test images of another shape',
    { testImages: bytes([1, 3, 1], [7, 8, 9]) },
    /are 1 × 3 × 1, but the test images are 3 × 1 × 1/,
  ],
  ['test images of another type', { testImages: floats([1, 1, 3], [7, 8, 9]) }, /are u8, but the test images are f64/],
  [
    'bytes of four channels',
    {
      trainImages: bytes([2, 1, 1, 4], [1, 2, 3, 4, 5, 6, 7, 8]),
      testImages: bytes([1, 1, 1, 4], [7, 8, 9, 0]),
    },
    /are 1 × 1 × 4, but bytes have at most 3 channels/,
  ],
  [
    'floats of too many channels',
    {
      trainImages: floats(
        [1, 1, 1, 2 ** 16 + 1],
        Array.from({ length: 2 ** 16 + 1 }, () => 0),
      ),
    },
    /are 1 × 1 × 65537, but floats have at most 65,536 channels/,
  ],
  ['labels for images', { trainImages: bytes([2], [0, 2]) }, /only one dimension/],
  ['images for labels', { testLabels: bytes([1, 1, 3], [7, 8, 9]) }, /test labels must be one row of unsigned bytes/],
  ['labels of floats', { trainLabels: floats([2], [0, 2]) }, /training labels must be one row/],
  ['too few labels', { trainLabels: bytes([1], [0]) }, /2 training images of 1 × 3 × 1 and 1 labels/],
  ['no image', { testImages: bytes([0, 1, 3], []), testLabels: bytes([0], []) }, /neither may be empty/],
  [
    'a label too high',
    { trainLabels: bytes([2], [0, 3]) },
    /Label 1 of the training set is 3, but with 3 classes .* from 0 to 2/,
  ],
  [
    'a pixel that is not finite',
    { trainImages: floats([2, 1, 3], [0, 0, 0, 0, 1e300, 0]), testImages: floats([1, 1, 3], [0, 0, 0]) },
    /Value 4 of the training images is not a finite float32/,
  ],
])('%s: refused', async (_, wrong, message) => {
  const fault = await faultOf(() => fromIdx({ ...tiny, ...wrong }, meta));
  expect(fault?.message).toMatch(message);
});
