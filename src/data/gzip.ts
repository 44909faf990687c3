import { type Bytes, FileFault, readAll } from './bytes.ts';

/** Whether the bytes begin as a gzip file does. */
export function isGzip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b;
}

/**
 * The content of a gzip file of one member; bytes that do not begin with gzip's magic number are returned as they are.
 * Stops as soon as the content exceeds `maxBytes`, so a bomb costs no more memory than that.
 */
export async function inflate(name: string, bytes: Bytes, maxBytes: number): Promise<Bytes> {
  if (!isGzip(bytes)) return bytes;
  let content: Bytes;
  try {
    content = await readAll(name, new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip')), maxBytes);
  } catch (error) {
    if (error instanceof FileFault) throw error;
    throw damaged(name);
  }
  // Platforms differ in what they say to bytes after the end. The trailer's length (mod 2^32) settles it for all of them.
  const trailer = bytes.length - 4;
  if (new DataView(bytes.buffer, bytes.byteOffset).getUint32(trailer, true) !== content.length >>> 0) {
    throw damaged(name, trailer);
  }
  return content;
}

function damaged(name: string, offset?: number): FileFault {
  return new FileFault(
    'malformed',
    `${name} is not an intact gzip file: it is cut short, damaged or followed by other bytes. Download or copy it again.`,
    offset,
  );
}
