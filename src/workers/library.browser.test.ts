import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Bytes } from '../data/bytes.ts';
import { parts, type Dataset } from '../data/dataset.ts';
import { datasetFromFiles } from '../data/files.ts';
import { writeIdx } from '../data/idx.ts';
import { Library } from './library.ts';
import type { NamedFile } from './protocol.ts';
import { Shelf } from './shelf.ts';

/** Other tests of the same browser may have left something, too. */
const clear = async (): Promise<void> => {
  const root = await navigator.storage.getDirectory();
  await root.removeEntry('datasets', { recursive: true }).catch(() => undefined);
};
beforeEach(clear);
afterEach(async () => {
  vi.restoreAllMocks();
  await clear();
});

/** Five images of 28 × 28 to train on and two to test, of these pixels. */
function files(pixel: (i: number) => number): NamedFile[] {
  const images = (count: number) => {
    const data = Uint8Array.from({ length: count * 784 }, (_, i) => pixel(i));
    return writeIdx({ type: 'u8', shape: [count, 28, 28], data });
  };
  const labels = (count: number) =>
    writeIdx({ type: 'u8', shape: [count], data: Uint8Array.from({ length: count }, (_, i) => i % 2) });
  return [
    { name: 'train-images', bytes: images(5) },
    { name: 'train-labels', bytes: labels(5) },
    { name: 't10k-images', bytes: images(2) },
    { name: 't10k-labels', bytes: labels(2) },
  ];
}

/** A later visit: nothing is in memory, and the site has no data sets. */
const later = (): Library => new Library(`${location.origin}/nowhere/`);

/** Where this browser keeps the data sets. */
const shelf = async (): Promise<FileSystemDirectoryHandle> =>
  (await navigator.storage.getDirectory()).getDirectoryHandle('datasets');

/** The files of a kept data set, without what their version adds to the names. */
async function kept(id: string): Promise<string[]> {
  const names: string[] = [];
  for await (const name of (await (await shelf()).getDirectoryHandle(id)).keys()) names.push(name);
  return names.map((name) => (name === 'label.json' ? name : (name.split('.')[0] ?? ''))).toSorted();
}
const whole = ['label.json', ...parts].toSorted();

/** Does something to a file of a kept data set, whatever its version. */
async function damage(
  id: string,
  file: string,
  act: (place: FileSystemDirectoryHandle, name: string) => Promise<void>,
): Promise<void> {
  const place = await (await shelf()).getDirectoryHandle(id);
  const names: string[] = [];
  for await (const name of place.keys()) if (name.startsWith(file)) names.push(name);
  for (const name of names) await act(place, name);
}

const remove = (place: FileSystemDirectoryHandle, name: string): Promise<void> => place.removeEntry(name);

/** As a disk does it. */
async function corrupt(place: FileSystemDirectoryHandle, name: string): Promise<void> {
  const stream = await (await place.getFileHandle(name)).createWritable({ keepExistingData: true });
  await stream.write({ type: 'write', position: 20, data: new Uint8Array([1, 2, 3]) });
  await stream.close();
}

/** Has the browser run out of room when the file of that number (from 0) is to be written. */
function fillUp(at: number): void {
  const create = Reflect.get(FileSystemFileHandle.prototype, 'createWritable');
  let count = 0;
  vi.spyOn(FileSystemFileHandle.prototype, 'createWritable').mockImplementation(function (this: FileSystemFileHandle) {
    return count++ === at ? Promise.reject(new DOMException('Full.', 'QuotaExceededError')) : create.call(this);
  });
}

const images = ({ train }: Dataset): number[] => [...train.images.subarray(0, 4)];

test('it says which sets can be had: the site’s, those that are kept whole, and those that only this page has', async () => {
  const library = new Library(`${location.origin}/`);
  expect(await library.ids()).toEqual(['mnist']);
  const own = await datasetFromFiles(files((i) => i % 256));
  await new Shelf().put({ ...own, id: 'cifar-10' });
  await new Shelf().put({ ...own, id: 'fashion-mnist' });
  await damage('fashion-mnist', 'label', remove);
  expect((await library.ids()).toSorted()).toEqual(['cifar-10', 'mnist']);
  fillUp(0);
  await library.add(files((i) => i % 256));
  expect((await library.ids()).toSorted()).toEqual(['cifar-10', 'mnist', 'own']);
  // Without the site nothing is known.
  await expect(later().ids()).rejects.toThrow(/MANIFEST.json/);
});

test('what the browser has no room for serves until the page is closed, and leaves nothing behind', async () => {
  fillUp(0);
  const library = new Library('');
  expect(await library.add(files((i) => i % 256))).toMatchObject({ id: 'own', kept: false });
  expect((await library.get('own', () => undefined)).train.count).toBe(5);
  await expect((await shelf()).getDirectoryHandle('own')).rejects.toMatchObject({ name: 'NotFoundError' });
});

test.each([0, 3, 4])('the set before stays where there is no room for file %d of the next', async (at) => {
  await new Library('').add(files((i) => (3 * i) % 256));
  fillUp(at);
  expect(await new Library('').add(files((i) => (5 * i) % 256))).toMatchObject({ kept: false });
  expect(images(await later().get('own', () => undefined))).toEqual([0, 3, 6, 9]);
  expect(await kept('own')).toEqual(whole);
});

test('another set takes its place, and nothing of the one before is left', async () => {
  await new Library('').add(files((i) => (3 * i) % 256));
  // A part of one that the page was closed on.
  await (await (await shelf()).getDirectoryHandle('own')).getFileHandle('trainImages.half', { create: true });
  await Promise.all([new Library('').add(files((i) => (5 * i) % 256)), later().get('own', () => undefined)]);
  expect(images(await later().get('own', () => undefined))).toEqual([0, 5, 10, 15]);
  expect(await kept('own')).toEqual(whole);
});

test('a copy that was never finished is none', async () => {
  expect(await new Library('').add(files((i) => i % 256))).toMatchObject({ kept: true });
  expect((await later().get('own', () => undefined)).train.count).toBe(5);
  await damage('own', 'label', remove);
  await expect(later().get('own', () => undefined)).rejects.toThrow(/no images of yours/);
});

describe.each([
  ['with other bytes', corrupt],
  ['without one of its files', remove],
])('a copy %s', (_, act) => {
  test('of one’s own images says to add them again', async () => {
    await new Library('').add(files((i) => i % 256));
    await damage('own', 'testImages', act);
    const text = /^The copy of “Your images” in this browser is damaged. Add it again: drop its folder or files/;
    await expect(later().get('own', () => undefined)).rejects.toThrow(text);
  });

  test('of a known data set makes way for the site’s', async () => {
    const own = await datasetFromFiles(files((i) => i % 256));
    await new Shelf().put({ ...own, id: 'mnist', name: 'MNIST' });
    expect((await later().get('mnist', () => undefined)).train.count).toBe(5);
    await damage('mnist', 'trainImages', act);
    const site = new Library(`${location.origin}/`);
    expect((await site.get('mnist', () => undefined)).train.count).toBe(60_000);
    await expect((await shelf()).getDirectoryHandle('mnist')).rejects.toMatchObject({ name: 'NotFoundError' });
  });
});

test('a copy of the lab’s first version, without versions of its files, is read', async () => {
  await new Library('').add(files((i) => i % 256));
  const place = await (await shelf()).getDirectoryHandle('own');
  const text = async (name: string): Promise<Bytes> =>
    new Uint8Array(await (await (await place.getFileHandle(name)).getFile()).arrayBuffer());
  const put = async (name: string, content: string | Bytes): Promise<void> => {
    const stream = await (await place.getFileHandle(name, { create: true })).createWritable();
    await stream.write(content);
    await stream.close();
  };
  const { version, ...label } = JSON.parse(new TextDecoder().decode(await text('label.json'))) as { version: string };
  for (const part of parts) await put(part, await text(`${part}.${version}`));
  await put('label.json', JSON.stringify(label));
  expect((await later().get('own', () => undefined)).train.count).toBe(5);
});

test('a part of MNIST does not stand in for it', async () => {
  // A seventh of the pixels are ink, most of them full: MNIST's mean and deviation.
  const added = await new Library('').add(files((i) => (i % 7 === 6 ? 230 : 0)));
  expect(added).toMatchObject({ id: 'own', name: 'A part of MNIST', train: 5 });
});
