import fc from 'fast-check';
import { expect, test } from 'vitest';
import { concat } from './bytes.ts';
import { type IdxArray, parseIdx, writeIdx } from './idx.ts';
import { changes, faultOf, flips, truncations } from './testing.ts';

const shapes = fc.array(fc.integer({ min: 0, max: 5 }), { minLength: 1, maxLength: 4 });
const arrays: fc.Arbitrary<IdxArray> = shapes.chain((shape) => {
  const length = shape.reduce((product, size) => product * size, 1);
  const exactly = { minLength: length, maxLength: length };
  return fc.oneof(
    fc.uint8Array(exactly).map((data) => ({ type: 'u8' as const, shape, data })),
    fc.float32Array(exactly).map((data) => ({ type: 'f32' as const, shape, data })),
    fc.float64Array(exactly).map((data) => ({ type: 'f64' as const, shape, data })),
  );
});

const small: IdxArray[] = [
  { type: 'u8', shape: [2, 2, 3], data: Uint8Array.from({ length: 12 }, (_, i) => i) },
  { type: 'f32', shape: [3, 1], data: Float32Array.of(0.5, -1, 3e8) },
  { type: 'f64', shape: [2], data: Float64Array.of(Math.PI, -0) },
];

test('the layout is that of the official files', () => {
  // The first bytes of train-labels-idx1-ubyte, cut to three labels.
  const file = Uint8Array.of(0, 0, 8, 1, 0, 0, 0, 3, 5, 0, 4);
  expect(parseIdx('labels', file)).toEqual({ type: 'u8', shape: [3], data: Uint8Array.of(5, 0, 4) });
  const float = Uint8Array.of(0, 0, 0x0d, 1, 0, 0, 0, 1, 0x3f, 0xc0, 0, 0);
  expect(parseIdx('images', float)).toEqual({ type: 'f32', shape: [1], data: Float32Array.of(1.5) });
});

test('what was written is read', () => {
  fc.assert(
    fc.property(arrays, (array) => {
      expect(parseIdx('a file', writeIdx(array))).toEqual(array);
    }),
  );
});

test('every truncation is refused', async () => {
  for (const array of small) {
    for (const file of truncations(writeIdx(array))) {
      expect(await faultOf(() => parseIdx('a file', file)), `${file.length} bytes`).toMatchObject({
        kind: 'truncated',
      });
    }
  }
});

test('a flip in the header is refused; in the data it changes the number that it hits, and no other', async () => {
  for (const { type, shape, data } of small) {
    const whole = writeIdx({ type, shape, data } as IdxArray);
    const header = 4 + 4 * shape.length;
    for (const [at, file] of flips(whole)) {
      const read = () => parseIdx('a file', file);
      if (at < header) expect(await faultOf(read), `byte ${at}`).toBeDefined();
      else {
        expect(read()).toMatchObject({ type, shape });
        expect(changes(data, read().data)).toEqual([Math.floor((at - header) / data.BYTES_PER_ELEMENT)]);
      }
    }
  }
});

test('a header that the bytes do not back is refused before anything is allocated', async () => {
  const huge = Uint8Array.of(0, 0, 0x0e, 4, ...Array.from({ length: 16 }, () => 255), 1, 2, 3);
  const fault = await faultOf(() => parseIdx('train-images', huge));
  expect(fault).toMatchObject({ kind: 'truncated', offset: 20 });
  expect(fault?.message).toContain('train-images says that it is 4294967295 × 4294967295 × 4294967295 × 4294967295');
});

test.each([
  ['another kind of file', Uint8Array.from('<!doctype html>', (c) => c.charCodeAt(0)), /not an IDX file/],
  ['an element type that is not read', Uint8Array.of(0, 0, 0x0b, 1, 0, 0, 0, 0), /not an IDX file/],
  ['no dimension', Uint8Array.of(0, 0, 8, 0, 1), /0 dimensions/],
  ['five dimensions', Uint8Array.of(0, 0, 8, 5, ...new Uint8Array(20)), /5 dimensions/],
  ['bytes after the end', concat([writeIdx(small[0]), Uint8Array.of(0)]), /takes 12 bytes, but 13 follow/],
])('%s is refused', async (_, file, message) => {
  const fault = await faultOf(() => parseIdx('a file', file));
  expect(fault?.kind).toBe('malformed');
  expect(fault?.message).toMatch(message);
});
