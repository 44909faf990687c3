import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Bytes, concat } from './bytes.ts';
import { readSafetensors, type Tensor, type TensorFile, writeSafetensors } from './safetensors.ts';
import { changes, faultOf, flips, truncations } from './testing.ts';

const finite = { finite: true };
const read = (bytes: Bytes): TensorFile => readSafetensors('run.safetensors', bytes, finite);

const tensor: fc.Arbitrary<Tensor> = fc.array(fc.integer({ min: 0, max: 4 }), { maxLength: 4 }).chain((shape) => {
  const length = shape.reduce((product, size) => product * size, 1);
  const exactly = { minLength: length, maxLength: length, noNaN: true, noDefaultInfinity: true };
  return fc.oneof(
    fc.float32Array(exactly).map((data) => ({ shape, data: Float32Array.from(data) })),
    fc.float64Array(exactly).map((data) => ({ shape, data: Float64Array.from(data) })),
  );
});
const tensorName = fc
  .tuple(fc.nat(20), fc.constantFrom('weight', 'bias', 'B', 'R', 'feedback'))
  .map(([k, part]) => `layers.${k}.${part}`);

const small: TensorFile = {
  tensors: new Map<string, Tensor>([
    ['layers.1.weight', { shape: [2, 2], data: Float32Array.of(1, -2, 0.5, 4) }],
    ['layers.1.bias', { shape: [], data: Float64Array.of(0.1) }],
  ]),
  metadata: new Map([['experiment', '{"seed":1}']]),
};

/** A file with this header, and `dataLength` zero bytes. */
function withHeader(header: unknown, dataLength: number): Bytes {
  const json = new TextEncoder().encode(typeof header === 'string' ? header : JSON.stringify(header));
  const length = new Uint8Array(8);
  new DataView(length.buffer).setUint32(0, json.length, true);
  return concat([length, json, new Uint8Array(dataLength)]);
}

test('what was written is read', () => {
  const files = fc.record({
    tensors: fc
      .uniqueArray(fc.tuple(tensorName, tensor), { maxLength: 6, selector: ([name]) => name })
      .map((list) => new Map(list)),
    metadata: fc.array(fc.tuple(fc.string(), fc.string())).map((list) => new Map(list)),
  });
  fc.assert(
    fc.property(files, (file) => {
      const { tensors, metadata } = read(writeSafetensors(file));
      // The order in the file is that of alignment.
      expect(tensors).toEqual(file.tensors);
      expect(metadata).toEqual(file.metadata);
    }),
  );
});

test('the layout is that of the format: length, padded JSON, float64 before float32, little-endian', () => {
  const bytes = writeSafetensors(small);
  const length = Number(new DataView(bytes.buffer).getBigUint64(0, true));
  expect(length % 8).toBe(0);
  expect(JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + length)))).toEqual({
    __metadata__: { experiment: '{"seed":1}' },
    'layers.1.bias': { dtype: 'F64', shape: [], data_offsets: [0, 8] },
    'layers.1.weight': { dtype: 'F32', shape: [2, 2], data_offsets: [8, 24] },
  });
  expect([...bytes.subarray(8 + length + 8, 8 + length + 12)]).toEqual([0, 0, 0x80, 0x3f]);
});

test('every truncation is refused', async () => {
  for (const file of truncations(writeSafetensors(small))) {
    expect(await faultOf(() => read(file)), `${file.length} bytes`).toBeDefined();
  }
});

describe('of a file with a flip', () => {
  const whole = writeSafetensors(small);
  const numbersOf = ({ tensors }: TensorFile): number[] => [...tensors.values()].flatMap(({ data }) => [...data]);
  const written = numbersOf(read(whole));
  const header = 8 + Number(new DataView(whole.buffer).getBigUint64(0, true));
  const flipsIn = (from: number, to: number) => [...flips(whole)].filter(([at]) => at >= from && at < to);

  test('in the header the numbers are as they were, or it is refused', async () => {
    const kinds = new Set<string | undefined>();
    for (const [, file] of flipsIn(0, header)) {
      const fault = await faultOf(() => expect(numbersOf(read(file))).toEqual(written));
      kinds.add(fault?.kind);
    }
    // A tensor may have got another name, and the metadata other words.
    expect(kinds).toEqual(new Set([undefined, 'malformed', 'truncated']));
  });

  test('in the data one number is another, or it is refused as none', async () => {
    const kinds = new Set<string | undefined>();
    for (const [at, file] of flipsIn(header, whole.length)) {
      const anything = numbersOf(readSafetensors('run.safetensors', file, { finite: false }));
      const hit = at < header + 8 ? 0 : 1 + Math.floor((at - header - 8) / 4);
      expect(changes(written, anything)).toEqual([hit]);
      const fault = await faultOf(() => expect(numbersOf(read(file))).toEqual(anything));
      expect(fault === undefined).toBe(Number.isFinite(anything[hit]));
      kinds.add(fault?.kind);
    }
    expect(kinds).toEqual(new Set([undefined, 'malformed']));
  });
});

test('any JSON for a header, and any bytes for a file, end in tensors or a fault', async () => {
  await fc.assert(
    fc.asyncProperty(fc.json(), fc.nat(40), async (json, length) => {
      const fault = await faultOf(() => read(withHeader(json, length)));
      expect(fault === undefined).toBe(json === '{}' && length === 0);
    }),
  );
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), async (bytes) => {
      expect(await faultOf(() => read(Uint8Array.from(bytes)))).toBeDefined();
    }),
  );
});

const two = { dtype: 'F32', shape: [2], data_offsets: [0, 8] };
test.each<[string, Bytes, RegExp]>([
  ['a huge header', Uint8Array.of(0, 0, 0, 0, 0, 1, 0, 0, 123, 125), /header would take 1,099,511,627,776 bytes/],
  ['a header that is a list', withHeader([], 0), /not a JSON object/],
  ['a header that is not UTF-8', concat([Uint8Array.of(1, 0, 0, 0, 0, 0, 0, 0, 0xff)]), /not JSON/],
  ['a gap', withHeader({ a: { ...two, data_offsets: [4, 12] } }, 12), /gap or an overlap before a/],
  ['an overlap', withHeader({ a: two, b: two }, 8), /gap or an overlap before b/],
  ['bytes after the last tensor', withHeader({ a: two }, 9), /1 bytes follow/],
  ['offsets that do not fit the shape', withHeader({ a: { ...two, shape: [3] } }, 8), /do not fit its shape \[3\]/],
  ['offsets backwards', withHeader({ a: { ...two, data_offsets: [8, 0] } }, 8), /do not fit/],
  ['negative sizes', withHeader({ a: { ...two, shape: [-1, -2] } }, 8), /not a list of sizes/],
  ['a shape whose volume overflows', withHeader({ a: { ...two, shape: Array(8).fill(2 ** 53 - 1) } }, 8), /do not fit/],
  ['another type', withHeader({ a: { ...two, dtype: 'BF16', shape: [4] } }, 8), /convert it to F32 or F64/],
  ['metadata that is no text', withHeader({ __metadata__: { step: 1 } }, 0), /other than text/],
  [
    'the name __proto__',
    withHeader('{"__proto__": {"dtype": "F32", "shape": [2], "data_offsets": [0, 8]}}', 8),
    /"__proto__"/,
  ],
  ['a name that is a path', withHeader({ '../a': two }, 8), /not like layers\.1\.weight/],
])('%s is refused', async (_, file, message) => {
  const fault = await faultOf(() => read(file));
  expect(fault?.kind).toBe('malformed');
  expect(fault?.message).toMatch(message);
});

test('names and metadata reach no prototype', () => {
  const file = withHeader(
    '{"__metadata__": {"__proto__": "x"}, "constructor": {"dtype": "F32", "shape": [2], "data_offsets": [0, 8]}}',
    8,
  );
  const { tensors, metadata } = read(file);
  expect([...tensors.keys(), ...metadata]).toEqual(['constructor', ['__proto__', 'x']]);
  expect(Object.keys(Object.prototype)).toEqual([]);
  expect(read(writeSafetensors({ tensors, metadata })).metadata).toEqual(metadata);
});

test('NaN and infinities are refused where the caller wants finite numbers', async () => {
  const tensors = new Map([['a', { shape: [3], data: Float32Array.of(1, NaN, Infinity) }]]);
  const file = writeSafetensors({ tensors, metadata: new Map() });
  const fault = await faultOf(() => read(file));
  expect(fault).toMatchObject({ kind: 'malformed', offset: file.length - 8 });
  expect(fault?.message).toContain('value 1 of a is NaN');
  expect(readSafetensors('a file', file, { finite: false }).tensors).toEqual(tensors);
});

test('a tensor that does not fill its shape is not written', () => {
  const tensors = new Map([['a', { shape: [3], data: new Float32Array(2) }]]);
  expect(() => writeSafetensors({ tensors, metadata: new Map() })).toThrow(RangeError);
});
