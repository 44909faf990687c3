import { expect, test } from 'vitest';
import { ByteReader, readAll } from './bytes.ts';
import { faultOf } from './testing.ts';

test('a reader reads numbers in the byte order of their format, also out of a view', () => {
  const bytes = Uint8Array.of(99, 7, 0x01, 0x02, 0x03, 0x04, 5, 0, 0, 0, 1, 0, 0, 0, 42).subarray(1);
  const reader = new ByteReader('a file', bytes);
  expect([reader.u8(), reader.u32(), reader.u64LittleEndian()]).toEqual([7, 0x01020304, 5 + 2 ** 32]);
  expect(reader.take(1)).toEqual(Uint8Array.of(42));
  expect(reader.left).toBe(0);
});

test('a reader never goes past the end, and says where it stopped', async () => {
  const reader = new ByteReader('labels', new Uint8Array(10));
  reader.take(8);
  const fault = await faultOf(() => reader.take(2 ** 40));
  expect(fault).toMatchObject({ kind: 'truncated', offset: 8 });
  expect(fault?.message).toBe(
    'labels is cut short: 1,099,511,627,776 more bytes should follow byte 8, but only 2 do. Download or copy the file again.',
  );
  expect(reader.offset).toBe(8);
});

test('a stream without end is cancelled as soon as it exceeds the cap', async () => {
  let made = 0;
  let cancelled = false;
  const endless = new ReadableStream<Uint8Array>({
    pull: (controller) => {
      made++;
      controller.enqueue(new Uint8Array(1000));
    },
    cancel: () => {
      cancelled = true;
    },
  });
  expect(await faultOf(() => readAll('a bomb', endless, 5500))).toMatchObject({ kind: 'too-large', offset: 5500 });
  expect(cancelled).toBe(true);
  expect(made).toBeLessThan(10);
});
