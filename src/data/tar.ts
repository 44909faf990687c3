import { type Bytes, ByteReader, FileFault } from './bytes.ts';

const block = 512;
const maxEntries = 1000;
const latin1 = new TextDecoder('latin1');

/** Whether the bytes begin as a tar archive (POSIX or GNU) does. */
export function isTar(bytes: Uint8Array): boolean {
  return latin1.decode(bytes.subarray(257, 262)) === 'ustar';
}

/**
 * The regular files of a tar archive that lies in memory, by the last part of their path, as views. Folders, links and
 * extended headers are passed over; a path is never used as one.
 */
export function parseTar(name: string, bytes: Bytes): Map<string, Bytes> {
  const reader = new ByteReader(name, bytes);
  const files = new Map<string, Bytes>();
  for (let entry = 0; entry < maxEntries; entry++) {
    const start = reader.offset;
    const header = reader.take(block);
    if (header.every((byte) => byte === 0)) return files;
    if (octal(name, header, 148, 156, start) !== checksum(header)) {
      throw damaged(name, 'a header has the wrong checksum', start);
    }
    const size = octal(name, header, 124, 136, start);
    const content = reader.take(size);
    reader.take((block - (size % block)) % block);
    const kind = header[156];
    const isRegular = kind === 0 || kind === '0'.charCodeAt(0);
    if (!isRegular) continue;
    const path = latin1.decode(header.subarray(0, 100)).split('\0', 1)[0] ?? '';
    files.set(path.slice(path.lastIndexOf('/') + 1), content);
  }
  throw new FileFault(
    'too-large',
    `${name} holds more than ${maxEntries} entries. Check that it is the right archive.`,
  );
}

/** The sum of a header's bytes, those of the checksum itself taken as spaces. */
function checksum(header: Uint8Array): number {
  return header.reduce((sum, byte, i) => sum + (i >= 148 && i < 156 ? 32 : byte), 0);
}

/** A number of a header. Only octal digits: GNU's base-256 form, which can be huge or negative, is refused. */
function octal(name: string, header: Uint8Array, start: number, end: number, offset: number): number {
  const field = latin1.decode(header.subarray(start, end));
  const digits = /^ *([0-7]{1,11})[\0 ]*$/.exec(field)?.[1];
  if (digits === undefined) throw damaged(name, 'a header holds something that is not an octal number', offset + start);
  return Number.parseInt(digits, 8);
}

function damaged(name: string, what: string, offset: number): FileFault {
  return new FileFault(
    'malformed',
    `${name} is not an intact tar archive: ${what}. Download or copy it again.`,
    offset,
  );
}
