import { afterEach, expect, test, vi } from 'vitest';
import { writeIdx } from '../data/idx.ts';
import { Library } from './library.ts';
import type { NamedFile } from './protocol.ts';

afterEach(() => vi.restoreAllMocks());

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

test('what the browser has no room for serves until the page is closed, and leaves nothing behind', async () => {
  const full = new DOMException('Full.', 'QuotaExceededError');
  vi.spyOn(FileSystemFileHandle.prototype, 'createWritable').mockRejectedValueOnce(full);
  const library = new Library('');
  expect(await library.add(files((i) => i % 256))).toMatchObject({ id: 'own', kept: false });
  expect((await library.get('own', () => undefined)).train.count).toBe(5);
  const root = await navigator.storage.getDirectory();
  const datasets = await root.getDirectoryHandle('datasets');
  await expect(datasets.getDirectoryHandle('own')).rejects.toMatchObject({ name: 'NotFoundError' });
});

test('a copy that was never finished is none', async () => {
  expect(await new Library('').add(files((i) => i % 256))).toMatchObject({ kept: true });
  expect((await later().get('own', () => undefined)).train.count).toBe(5);
  const root = await navigator.storage.getDirectory();
  const place = await (await root.getDirectoryHandle('datasets')).getDirectoryHandle('own');
  await place.removeEntry('label.json');
  await expect(later().get('own', () => undefined)).rejects.toThrow(/no images of yours/);
});

test('a part of MNIST does not stand in for it', async () => {
  // A seventh of the pixels are ink, most of them full: MNIST's mean and deviation.
  const added = await new Library('').add(files((i) => (i % 7 === 6 ? 230 : 0)));
  expect(added).toMatchObject({ id: 'own', name: 'A part of MNIST', train: 5 });
});
