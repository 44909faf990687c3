import { beforeAll, expect, test, vi } from 'vitest';
import type { Bytes } from './bytes.ts';
import { fromIdx, type Part, parts } from './dataset.ts';
import { type IdxArray, writeIdx } from './idx.ts';
import { type FetchBytes, loadDataset, type Progress } from './load.ts';
import { type Digest, type ManifestFile, writeManifest } from './manifest.ts';
import { sha256 } from './sha256.ts';
import { deflate, faultOf } from './testing.ts';

const arrays: Record<Part, IdxArray> = {
  trainImages: { type: 'u8', shape: [50, 4, 4], data: Uint8Array.from({ length: 800 }, (_, i) => i % 251) },
  trainLabels: { type: 'u8', shape: [50], data: Uint8Array.from({ length: 50 }, (_, i) => i % 3) },
  testImages: { type: 'u8', shape: [1, 4, 4], data: new Uint8Array(16) },
  testLabels: { type: 'u8', shape: [1], data: new Uint8Array(1) },
};
const about = { name: 'Tiny', classes: 3, mean: [0.5], std: [0.25] };
const digest = async (bytes: Bytes): Promise<Digest> => ({ bytes: bytes.length, sha256: (await sha256(bytes)) ?? '' });

/** What a server has: contents by path. */
const site = new Map<string, Bytes>();
const pathOf = (part: Part): string => `datasets/tiny/${part.toLowerCase()}.gz`;

beforeAll(async () => {
  const files = await Promise.all(
    parts.map(async (part): Promise<[Part, ManifestFile]> => {
      const content = writeIdx(arrays[part]);
      const file = await deflate(content);
      site.set(pathOf(part), file);
      const path = pathOf(part).slice('datasets/'.length);
      return [part, { path, ...(await digest(file)), content: await digest(content) }];
    }),
  );
  const entry = {
    ...about,
    licence: 'none',
    source: 'a test',
    shape: { height: 4, width: 4, channels: 1 },
    files: Object.fromEntries(files) as Record<Part, ManifestFile>,
  };
  site.set('datasets/MANIFEST.json', new TextEncoder().encode(writeManifest(new Map([['tiny', entry]]))));
});

/** A server like the site but for some files, which streams in chunks of 100 bytes. */
function serve(changes: Record<string, Bytes | undefined> = {}): FetchBytes {
  return (path) => {
    const bytes = path in changes ? changes[path] : site.get(path);
    if (!bytes) return Promise.reject(new Error('404'));
    const chunks = Array.from({ length: Math.ceil(bytes.length / 100) }, (_, i) => bytes.slice(100 * i, 100 * i + 100));
    return Promise.resolve(
      new ReadableStream({
        start: (controller) => {
          for (const chunk of chunks) controller.enqueue(chunk);
          controller.close();
        },
      }),
    );
  };
}

const inflated = (): Record<string, Bytes> =>
  Object.fromEntries(parts.map((part) => [pathOf(part), writeIdx(arrays[part])]));

test('a data set is loaded, and progress runs to the total', async () => {
  const seen: Progress[] = [];
  const dataset = await loadDataset('tiny', serve(), { onProgress: (progress) => seen.push(progress) });
  expect(dataset).toEqual(fromIdx(arrays, { id: 'tiny', ...about }));
  const total = parts.reduce((sum, part) => sum + (site.get(pathOf(part))?.length ?? 0), 0);
  expect(seen.length).toBeGreaterThan(4);
  expect(seen.at(-1)).toEqual({ loaded: total, total });
});

test('array buffers do as well as streams', async () => {
  const dataset = await loadDataset('tiny', (path) =>
    Promise.resolve((site.get(path) ?? new Uint8Array()).slice().buffer),
  );
  expect(dataset.train.count).toBe(50);
});

test('files that the server or the browser has inflated already are taken, and checked too', async () => {
  const seen: Progress[] = [];
  const dataset = await loadDataset('tiny', serve(inflated()), { onProgress: (progress) => seen.push(progress) });
  expect(dataset).toEqual(fromIdx(arrays, { id: 'tiny', ...about }));
  expect(seen.at(-1)?.loaded).toBeCloseTo(seen.at(-1)?.total ?? 0, 6);
  const wrong = writeIdx({ ...arrays.trainLabels, data: new Uint8Array(50) } as IdxArray);
  const fault = await faultOf(() => loadDataset('tiny', serve({ ...inflated(), [pathOf('trainLabels')]: wrong })));
  expect(fault).toMatchObject({ kind: 'checksum' });
});

test('without crypto.subtle (plain http) the set still loads', async () => {
  vi.stubGlobal('crypto', {});
  expect((await loadDataset('tiny', serve())).train.count).toBe(50);
  vi.unstubAllGlobals();
});

const path = pathOf('trainImages');
test.each<[string, string, () => Record<string, Bytes | undefined>, string, RegExp]>([
  ['a set that is not there', 'cifar-10', () => ({}), 'missing', /there is: tiny.*npm run datasets -- cifar-10/],
  ['the name of a property', '__proto__', () => ({}), 'missing', /no data set “__proto__”/],
  [
    'no manifest',
    'tiny',
    () => ({ 'datasets/MANIFEST.json': undefined }),
    'missing',
    /MANIFEST\.json could not be loaded \(404\)/,
  ],
  [
    'a page for a manifest',
    'tiny',
    () => ({ 'datasets/MANIFEST.json': new TextEncoder().encode('<!doctype html>') }),
    'malformed',
    /is not JSON.*npm run datasets/,
  ],
  ['a file that is not there', 'tiny', () => ({ [path]: undefined }), 'missing', /trainimages\.gz could not be loaded/],
  ['a file cut short', 'tiny', () => ({ [path]: site.get(path)?.slice(0, -9) }), 'checksum', /bytes instead of/],
  ['an endless file', 'tiny', () => ({ [path]: new Uint8Array(100_000) }), 'too-large', /more than the 816 bytes/],
  [
    'a file with one wrong bit',
    'tiny',
    () => ({ [path]: site.get(path)?.map((byte, i) => (i === 40 ? byte ^ 1 : byte)) }),
    'checksum',
    /SHA-256 differs/,
  ],
])('%s: refused with a message', async (_, id, changes, kind, message) => {
  const fault = await faultOf(() => loadDataset(id, serve(changes())));
  expect(fault?.kind).toBe(kind);
  expect(fault?.message).toMatch(message);
});
