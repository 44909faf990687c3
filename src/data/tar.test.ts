import { expect, test } from 'vitest';
import { isTar, parseTar } from './tar.ts';
import { faultOf, flips, tarEntry, tarOf, truncations } from './testing.ts';

const text = (content: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(content);
const small = tarOf([tarEntry('folder/one.bin', text('one')), tarEntry('two.bin', new Uint8Array(512).fill(2))]);

test('regular files come out by the last part of their path, whatever the path', () => {
  const files = parseTar(
    'an archive',
    tarOf([
      tarEntry('folder/', text(''), { kind: '5' }),
      tarEntry('../../../etc/one.bin', text('one')),
      tarEntry('pax', text('30 path=/tmp/elsewhere\n'), { kind: 'x' }),
      tarEntry('two.bin', text('two'), { kind: '\0' }),
      tarEntry('link.bin', text(''), { kind: '2' }),
    ]),
  );
  expect([...files]).toEqual([
    ['one.bin', text('one')],
    ['two.bin', text('two')],
  ]);
});

test('contents are views, not copies', () => {
  expect(parseTar('an archive', small).get('one.bin')?.buffer).toBe(small.buffer);
  expect(isTar(small)).toBe(true);
  expect(isTar(new Uint8Array(512))).toBe(false);
});

test('an archive without its closing block is cut short, wherever it is cut', async () => {
  for (const file of truncations(small.slice(0, -512))) {
    expect(await faultOf(() => parseTar('an archive', file)), `${file.length} bytes`).toMatchObject({
      kind: 'truncated',
    });
  }
  expect(await faultOf(() => parseTar('an archive', small.slice(0, -512)))).toBeUndefined();
});

test('a flip in a header is refused; elsewhere it changes no name and no length', async () => {
  const kinds = new Set<string | undefined>();
  for (const [, file] of flips(small)) {
    const fault = await faultOf(() => {
      const lengths = [...parseTar('an archive', file)].map(([name, { length }]) => [name, length]);
      expect(lengths).toEqual([
        ['one.bin', 3],
        ['two.bin', 512],
      ]);
    });
    kinds.add(fault?.kind);
  }
  expect(kinds).toEqual(new Set([undefined, 'malformed']));
});

test.each([
  ['a base-256 size', '\x80\0\0\0\0\0\0\0\0\0\x02\0'],
  ['a negative base-256 size', '\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xfe\0'],
  ['a minus sign', '-0000000512\0'],
  ['no size', '\0\0\0\0\0\0\0\0\0\0\0\0'],
])('%s is refused', async (_, size) => {
  const file = tarOf([tarEntry('one.bin', new Uint8Array(512), { size })]);
  expect(await faultOf(() => parseTar('an archive', file))).toMatchObject({ kind: 'malformed', offset: 124 });
});

test('a size beyond the end is refused', async () => {
  const file = tarOf([tarEntry('one.bin', new Uint8Array(512), { size: '77777777777\0' })]);
  expect(await faultOf(() => parseTar('an archive', file))).toMatchObject({ kind: 'truncated', offset: 512 });
});

test('an archive of ever more entries is refused', async () => {
  const file = tarOf(Array.from({ length: 1001 }, () => tarEntry('empty', new Uint8Array())));
  expect(await faultOf(() => parseTar('an archive', file))).toMatchObject({ kind: 'too-large' });
});
