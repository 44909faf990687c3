import { afterEach, expect, test, vi } from 'vitest';
import type { NamedFile } from '../data/files.ts';
import { datasetFromPictures, isPicture } from './pictures.ts';

afterEach(() => vi.restoreAllMocks());

/** A picture of one colour with a band of black on either side, which the middle square leaves out. */
async function picture(name: string, colour: string): Promise<NamedFile> {
  const canvas = new OffscreenCanvas(80, 40);
  const context = canvas.getContext('2d');
  if (!context) throw new Error('No canvas.');
  context.fillStyle = 'black';
  context.fillRect(0, 0, 80, 40);
  context.fillStyle = colour;
  context.fillRect(20, 0, 40, 40);
  const blob = await canvas.convertToBlob({ type: 'image/png' });
  return { name, bytes: new Uint8Array(await blob.arrayBuffer()) };
}

test('folders become classes, and the middle square of each picture an image', async () => {
  const files = [
    ...(await Promise.all([0, 1, 2, 3, 4, 5, 6].map((i) => picture(`pets/dogs/${i}.png`, 'rgb(0, 0, 250)')))),
    ...(await Promise.all([0, 1, 2].map((i) => picture(`pets/cats/${i}.png`, 'rgb(200, 100, 0)')))),
    { name: 'pets/notes.txt', bytes: new Uint8Array([1]) },
  ];
  const { shape, classes, train, test: held, mean } = await datasetFromPictures(files);
  expect({ shape, classes }).toEqual({ shape: { height: 32, width: 32, channels: 3 }, classes: 2 });
  expect([...train.labels]).toEqual([0, 0, 1, 1, 1, 1, 1, 1]);
  expect([...held.labels]).toEqual([0, 1]);
  expect([...train.images.subarray(0, 3)]).toEqual([200, 100, 0]);
  expect([...held.images.subarray(-3)]).toEqual([0, 0, 250]);
  expect(mean[0]).toBeCloseTo((2 * 200) / 8 / 255, 3);
});

test('folders called train and test keep their pictures apart', async () => {
  const names = ['train/cats/1', 'train/cats/2', 'train/dogs/3', 'val/cats/4', 'val/dogs/5', 'val/dogs/6'];
  const files = await Promise.all(names.map((name) => picture(`pets/${name}.png`, 'red')));
  const { classes, train, test: held } = await datasetFromPictures(files);
  expect(classes).toBe(2);
  expect([[...train.labels], [...held.labels]]).toEqual([
    [0, 0, 1],
    [0, 1, 1],
  ]);
  await expect(datasetFromPictures(files.filter(({ name }) => !/6|5/.test(name)))).rejects.toThrow(/Class dogs has no/);
});

test('no more than a handful of pictures is decoded at once, and none is kept so', async () => {
  let [now, most] = [0, 0];
  const decode = createImageBitmap;
  vi.spyOn(globalThis, 'createImageBitmap').mockImplementation(async (source: ImageBitmapSource) => {
    most = Math.max(most, ++now);
    const bitmap = await decode(source);
    const close = bitmap.close.bind(bitmap);
    bitmap.close = () => {
      now--;
      close();
    };
    return bitmap;
  });
  const names = Array.from({ length: 30 }, (_, i) => `pets/${i % 2 === 0 ? 'cats' : 'dogs'}/${i}.png`);
  const { train, test: held } = await datasetFromPictures(await Promise.all(names.map((name) => picture(name, 'red'))));
  expect([train.count, held.count]).toEqual([26, 4]);
  expect([...train.images.subarray(-3)]).toEqual([255, 0, 0]);
  expect(now).toBe(0);
  expect(most).toBe(8);
});

test('what is no picture, or has no classes, is refused with a reason', async () => {
  expect(isPicture('a/b.JPEG')).toBe(true);
  expect(isPicture('train-images-idx3-ubyte')).toBe(false);
  const one = await picture('pets/1.png', 'red');
  await expect(datasetFromPictures([one])).rejects.toThrow(/All pictures are in one folder/);
  const broken = { name: 'pets/cats/2.png', bytes: new Uint8Array([1, 2, 3]) };
  const others = ['cats/3', 'dogs/4', 'dogs/5'].map((name) => picture(`pets/${name}.png`, 'red'));
  const files = [broken, ...(await Promise.all(others))];
  await expect(datasetFromPictures(files)).rejects.toThrow(/cats\/2\.png is no picture/);
});
