import { type Bytes, ByteReader, count, FileFault, volume } from './bytes.ts';

/** An array of the IDX format (yann.lecun.com/exdb/mnist): row-major, the first dimension counts the items. */
export type IdxArray =
  | { type: 'u8'; shape: number[]; data: Uint8Array }
  | { type: 'f32'; shape: number[]; data: Float32Array }
  | { type: 'f64'; shape: number[]; data: Float64Array };

const elements = {
  u8: { code: 0x08, bytes: 1 },
  f32: { code: 0x0d, bytes: 4 },
  f64: { code: 0x0e, bytes: 8 },
} as const;
const maxRank = 4;

/** Whether the bytes begin as an IDX file of a type that we read does. */
export function isIdx(bytes: Uint8Array): boolean {
  return bytes[0] === 0 && bytes[1] === 0 && typeOf(bytes[2]) !== undefined;
}

/** Reads an IDX file. Bytes stay a view of the file; big-endian floats are converted. */
export function parseIdx(name: string, bytes: Bytes): IdxArray {
  const reader = new ByteReader(name, bytes);
  const magic = reader.take(3);
  const type = typeOf(magic[2]);
  if (!isIdx(magic) || type === undefined) {
    throw new FileFault(
      'malformed',
      `${name} is not an IDX file of unsigned bytes, float32 or float64: it should begin with the bytes 0, 0 and 8, 13 ` +
        `or 14, but begins with ${magic.join(', ')}. Check that it is the right file.`,
      0,
    );
  }
  const rank = reader.u8();
  if (rank < 1 || rank > maxRank) {
    throw new FileFault(
      'malformed',
      `${name} says that it has ${rank} dimensions, but 1 to ${maxRank} are read. Check that it is the right file.`,
      3,
    );
  }
  const shape = Array.from({ length: rank }, () => reader.u32());
  // Compared before anything is allocated: a header that the bytes do not back costs no memory.
  const expected = volume(shape) * elements[type].bytes;
  if (expected !== reader.left) {
    throw new FileFault(
      expected > reader.left ? 'truncated' : 'malformed',
      `${name} says that it is ${shape.join(' × ')}, which takes ${count(expected)} bytes, but ${count(reader.left)} ` +
        `follow its header. Download or copy the file again.`,
      reader.offset,
    );
  }
  const raw = reader.take(expected);
  if (type === 'u8') return { type, shape, data: raw };
  const view = new DataView(raw.buffer, raw.byteOffset, raw.length);
  if (type === 'f32') {
    const data = new Float32Array(raw.length / 4);
    for (let i = 0; i < data.length; i++) data[i] = view.getFloat32(4 * i);
    return { type, shape, data };
  }
  const data = new Float64Array(raw.length / 8);
  for (let i = 0; i < data.length; i++) data[i] = view.getFloat64(8 * i);
  return { type, shape, data };
}

/** The IDX file of an array. */
export function writeIdx({ type, shape, data }: IdxArray): Bytes {
  const { code, bytes } = elements[type];
  const header = 4 + 4 * shape.length;
  const file = new Uint8Array(header + data.length * bytes);
  const view = new DataView(file.buffer);
  file[2] = code;
  file[3] = shape.length;
  shape.forEach((size, axis) => view.setUint32(4 + 4 * axis, size));
  if (type === 'u8') file.set(data, header);
  else if (type === 'f32') data.forEach((value, i) => view.setFloat32(header + 4 * i, value));
  else data.forEach((value, i) => view.setFloat64(header + 8 * i, value));
  return file;
}

function typeOf(code: number | undefined): IdxArray['type'] | undefined {
  return (['u8', 'f32', 'f64'] as const).find((type) => elements[type].code === code);
}
