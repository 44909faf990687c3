import { isRecord } from '../model/json.ts';
import { type Bytes, ByteReader, concat, count, FileFault, volume } from './bytes.ts';

/** A tensor, row-major. `data` tells its element type: F32 or F64. */
export interface Tensor {
  shape: number[];
  data: Float32Array<ArrayBuffer> | Float64Array<ArrayBuffer>;
}

/** The content of a safetensors file (github.com/huggingface/safetensors). */
export interface TensorFile {
  tensors: Map<string, Tensor>;
  metadata: Map<string, string>;
}

/** A tensor as the header has it; `begin` and `end` count from the first byte after the header. */
interface Entry {
  name: string;
  dtype: 'F32' | 'F64';
  shape: number[];
  begin: number;
  end: number;
}

// A header only names tensors and carries the experiment: about 100 bytes a tensor and a few kB.
const maxHeader = 4 * 2 ** 20;
const maxRank = 8;
const bytesOf = { F32: 4, F64: 8 } as const;
// Words joined by dots. None begins with _, which keeps out `__proto__`.
const allowedName = /^(?!_)\w{1,64}(\.(?!_)\w{1,64}){0,7}$/;

/**
 * Reads a safetensors file of float32 and float64 tensors.
 * @param options.finite whether to refuse NaN and infinities
 */
export function readSafetensors(name: string, bytes: Bytes, options: { finite: boolean }): TensorFile {
  const reader = new ByteReader(name, bytes);
  const headerLength = reader.u64LittleEndian();
  if (headerLength > maxHeader) {
    throw broken(name, `its header would take ${count(headerLength)} bytes, and ${count(maxHeader)} are the most`, 0);
  }
  const { entries, metadata } = parseHeader(name, reader.take(headerLength));
  const tensors = new Map<string, Tensor>();
  let end = 0;
  for (const entry of entries.toSorted((a, b) => a.begin - b.begin || a.end - b.end)) {
    if (entry.begin !== end) throw broken(name, `there is a gap or an overlap before ${entry.name}`, reader.offset);
    end = entry.end;
    tensors.set(entry.name, readTensor(name, entry, reader, options.finite));
  }
  if (reader.left > 0) throw broken(name, `${count(reader.left)} bytes follow the last tensor`, reader.offset);
  return { tensors, metadata };
}

/** The safetensors file of these tensors, in any order; float64 comes first so that every tensor is aligned. */
export function writeSafetensors({ tensors, metadata }: TensorFile): Bytes {
  const header: Record<string, unknown> = {};
  if (metadata.size > 0) header['__metadata__'] = Object.fromEntries(metadata);
  const blobs: Bytes[] = [];
  let end = 0;
  const ordered = [...tensors].toSorted(([, a], [, b]) => b.data.BYTES_PER_ELEMENT - a.data.BYTES_PER_ELEMENT);
  for (const [name, { shape, data }] of ordered) {
    if (!allowedName.test(name) || volume(shape) !== data.length) {
      throw new RangeError(
        `Tensor ${name} of shape [${shape.join(', ')}] and ${data.length} values cannot be written.`,
      );
    }
    const begin = end;
    end += data.byteLength;
    header[name] = { dtype: data instanceof Float64Array ? 'F64' : 'F32', shape, data_offsets: [begin, end] };
    // The format is little-endian, as is every machine that runs JavaScript engines of today.
    blobs.push(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
  }
  const json = new TextEncoder().encode(JSON.stringify(header));
  const padded = new Uint8Array(8 * Math.ceil(json.length / 8)).fill(' '.charCodeAt(0));
  padded.set(json);
  const length = new Uint8Array(8);
  new DataView(length.buffer).setBigUint64(0, BigInt(padded.length), true);
  return concat([length, padded, ...blobs]);
}

function parseHeader(name: string, bytes: Bytes): { entries: Entry[]; metadata: Map<string, string> } {
  let json: unknown;
  try {
    json = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    throw broken(name, 'its header is not JSON', 8);
  }
  if (!isRecord(json)) throw broken(name, 'its header is not a JSON object', 8);
  const entries: Entry[] = [];
  const metadata = new Map<string, string>();
  for (const [key, value] of Object.entries(json)) {
    if (key !== '__metadata__') {
      entries.push(parseEntry(name, key, value));
      continue;
    }
    if (!isRecord(value)) throw broken(name, 'its __metadata__ is not a JSON object', 8);
    for (const [label, text] of Object.entries(value)) {
      if (typeof text !== 'string') throw broken(name, 'its __metadata__ holds something other than text', 8);
      metadata.set(label, text);
    }
  }
  return { entries, metadata };
}

function parseEntry(file: string, name: string, json: unknown): Entry {
  if (!allowedName.test(name)) {
    throw broken(file, `a tensor is called ${JSON.stringify(name.slice(0, 80))}, not like layers.1.weight`, 8);
  }
  if (!isRecord(json)) throw broken(file, `${name} is not described by a JSON object`, 8);
  const { dtype, shape, data_offsets: offsets } = json;
  if (dtype !== 'F32' && dtype !== 'F64') {
    throw broken(file, `${name} has the type ${JSON.stringify(dtype)?.slice(0, 20)}; convert it to F32 or F64`, 8);
  }
  if (!isSizes(shape) || shape.length > maxRank) throw broken(file, `the shape of ${name} is not a list of sizes`, 8);
  if (!isSizes(offsets)) throw broken(file, `the data_offsets of ${name} are not two whole numbers`, 8);
  const [begin, end, ...more] = offsets;
  if (begin === undefined || end === undefined || more.length > 0 || end - begin !== volume(shape) * bytesOf[dtype]) {
    throw broken(file, `the data_offsets of ${name} do not fit its shape [${shape.join(', ')}]`, 8);
  }
  return { name, dtype, shape, begin, end };
}

function readTensor(
  file: string,
  { name, dtype, shape, begin, end }: Entry,
  reader: ByteReader,
  finite: boolean,
): Tensor {
  const start = reader.offset;
  // A copy, because a view would have to be aligned in the file. `take` has checked that the bytes are really there.
  const { buffer } = reader.take(end - begin).slice();
  const data = dtype === 'F32' ? new Float32Array(buffer) : new Float64Array(buffer);
  const bad = finite ? data.findIndex((value: number) => !Number.isFinite(value)) : -1;
  if (bad >= 0) {
    throw broken(file, `value ${count(bad)} of ${name} is ${data[bad]}`, start + bad * bytesOf[dtype]);
  }
  return { shape, data };
}

function isSizes(json: unknown): json is number[] {
  return Array.isArray(json) && json.every((size) => Number.isSafeInteger(size) && size >= 0);
}

function broken(file: string, what: string, offset: number): FileFault {
  return new FileFault(
    'malformed',
    `${file} is not a safetensors file that can be read: ${what}. Export or download it again.`,
    offset,
  );
}
