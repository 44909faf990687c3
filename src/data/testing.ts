/** For tests only: small valid files, and every way of damaging one a little. */
import { type Bytes, concat, FileFault, readAll } from './bytes.ts';

/** Compresses as any gzip does. */
export async function deflate(bytes: Bytes): Promise<Bytes> {
  return readAll('a test', new Blob([bytes]).stream().pipeThrough(new CompressionStream('gzip')), Infinity);
}

/** Every proper beginning of a file. */
export function* truncations(file: Bytes): Generator<Bytes> {
  for (let length = 0; length < file.length; length++) yield file.slice(0, length);
}

/** The file with the byte `at` changed, in every place: each bit by itself, and all of them. */
export function* flips(file: Bytes): Generator<[at: number, flipped: Bytes]> {
  for (let at = 0; at < file.length; at++) {
    for (const mask of [1, 2, 4, 8, 16, 32, 64, 128, 255]) {
      const flipped = file.slice();
      flipped[at] ^= mask;
      yield [at, flipped];
    }
  }
}

/** Where numbers differ from those that were written. */
export function changes(written: ArrayLike<number>, read: ArrayLike<number>): number[] {
  const places = Array.from({ length: Math.max(written.length, read.length) }, (_, i) => i);
  return places.filter((i) => !Object.is(written[i], read[i]));
}

/** The FileFault that `read` ends in, or undefined when it succeeds; any other error is thrown on. */
export async function faultOf(read: () => unknown): Promise<FileFault | undefined> {
  try {
    await read();
    return undefined;
  } catch (error) {
    if (error instanceof FileFault) return error;
    throw error;
  }
}

/** An entry of a tar archive: a header and the content, both in whole blocks. `size` is the header's field as it stands. */
export function tarEntry(
  path: string,
  bytes: Uint8Array,
  { kind = '0', size = `${bytes.length.toString(8).padStart(11, '0')}\0` }: { kind?: string; size?: string } = {},
): Bytes {
  const header = new Uint8Array(512);
  const put = (offset: number, text: string): void =>
    header.set(
      Uint8Array.from(text, (c) => c.charCodeAt(0)),
      offset,
    );
  put(0, path);
  put(100, '0000644\0');
  put(124, size);
  put(148, '        ');
  put(156, kind);
  put(257, 'ustar\x0000');
  const sum = header.reduce((total, byte) => total + byte, 0);
  put(148, `${sum.toString(8).padStart(6, '0')}\0 `);
  return concat([header, bytes, new Uint8Array((512 - (bytes.length % 512)) % 512)]);
}

/** A whole archive of such entries. */
export function tarOf(entries: readonly Bytes[]): Bytes {
  return concat([...entries, new Uint8Array(1024)]);
}

/** A file of CIFAR-10 with one record a label; pixel p of channel c of record r is (r + 7 c + p) mod 256. */
export function cifarBatch(labels: readonly number[]): Bytes {
  return concat(
    labels.map((label, r) =>
      Uint8Array.from({ length: 3073 }, (_, i) =>
        i === 0 ? label : r + 7 * Math.floor((i - 1) / 1024) + ((i - 1) % 1024),
      ),
    ),
  );
}
