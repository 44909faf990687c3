/** Bytes in memory of our own: what `crypto.subtle`, `Blob` and transfers between workers accept. */
export type Bytes = Uint8Array<ArrayBuffer>;

/** What is wrong with a file, for code that wants to react; people read the text. */
export type FileFaultKind =
  | 'truncated' // ends before what it announces
  | 'malformed' // breaks the rules of its format
  | 'too-large' // over a cap
  | 'unrecognised' // of no kind that we read
  | 'inconsistent' // fine alone, but does not fit the other files
  | 'checksum' // other bytes than the manifest promises
  | 'missing'; // not there

/** A file that cannot be used. The message says what is wrong and how to fix it; `offset` is the byte where it shows. */
export class FileFault extends Error {
  override readonly name = 'FileFault';
  readonly kind: FileFaultKind;
  readonly offset: number | undefined;

  constructor(kind: FileFaultKind, text: string, offset?: number) {
    super(text);
    this.kind = kind;
    this.offset = offset;
  }
}

/** Reads a file front to back and never past its end. What it takes are views: nothing is copied or allocated. */
export class ByteReader {
  readonly name: string;
  readonly #bytes: Bytes;
  readonly #view: DataView;
  #offset = 0;

  /** `name` is the file as the user knows it, for messages. */
  constructor(name: string, bytes: Bytes) {
    this.name = name;
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get offset(): number {
    return this.#offset;
  }

  get left(): number {
    return this.#bytes.length - this.#offset;
  }

  u8(): number {
    return this.#view.getUint8(this.#advance(1));
  }

  /** Big-endian, as IDX has it. */
  u32(): number {
    return this.#view.getUint32(this.#advance(4));
  }

  /** Little-endian, as safetensors has it; a double, so exact up to 2^53, far above any length that is accepted. */
  u64LittleEndian(): number {
    return Number(this.#view.getBigUint64(this.#advance(8), true));
  }

  /** The next `length` bytes, as a view. */
  take(length: number): Bytes {
    const start = this.#advance(length);
    return this.#bytes.subarray(start, start + length);
  }

  #advance(length: number): number {
    const start = this.#offset;
    if (length > this.left) {
      throw new FileFault(
        'truncated',
        `${this.name} is cut short: ${count(length)} more bytes should follow byte ${count(start)}, but only ` +
          `${count(this.left)} do. Download or copy the file again.`,
        start,
      );
    }
    this.#offset = start + length;
    return start;
  }
}

/** Reads a stream to its end, but cancels it and throws as soon as it has given more than `maxBytes`. */
export async function readAll(
  name: string,
  stream: ReadableStream<Uint8Array>,
  maxBytes: number,
  onChunk?: (chunk: Uint8Array) => void,
): Promise<Bytes> {
  const reader = stream.getReader();
  const chunks: Uint8Array[] = [];
  let length = 0;
  for (let next = await reader.read(); !next.done; next = await reader.read()) {
    length += next.value.length;
    if (length > maxBytes) {
      await reader.cancel();
      throw new FileFault(
        'too-large',
        `${name} holds more than the ${count(maxBytes)} bytes that are expected at most. Check that it is the right file.`,
        maxBytes,
      );
    }
    chunks.push(next.value);
    onChunk?.(next.value);
  }
  return concat(chunks);
}

export function concat(chunks: readonly Uint8Array[]): Bytes {
  const bytes = new Uint8Array(chunks.reduce((length, chunk) => length + chunk.length, 0));
  let offset = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, offset);
    offset += chunk.length;
  }
  return bytes;
}

/** The number of elements of a shape. Inexact above 2^53, where it cannot equal the length of any real file. */
export function volume(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1);
}

/** A number for a message, with thousands apart. */
export function count(value: number): string {
  return value.toLocaleString('en');
}
