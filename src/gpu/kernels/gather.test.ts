import { expect, test } from 'vitest';
import { gather, type GatherConstants } from './gather.ts';

const [side, margin, count] = [12, 4, 5];
const size = side * side;
/** No two pixels are equal, and none is black. */
const pixel = (image: number, row: number, column: number): number => 1 + (image * size + row * side + column) / 1000;

const constants: GatherConstants = {
  M: count,
  N: size,
  WIDTH: side,
  CHANNELS: 1,
  COUNT: count,
  STEPS: 1,
  AHEAD: 0,
  SHUFFLE: false,
  AUGMENT: false,
  BYTES: false,
  SPLIT: count * size,
  MEAN0: 0,
  MEAN1: 0,
  MEAN2: 0,
  STD0: 1,
  STD1: 1,
  STD2: 1,
};

const word = (value: number): Uint32Array<ArrayBuffer> => Uint32Array.of(value);

function batch(augment: boolean, step: number): Float64Array[] {
  const pixels = Array.from({ length: count * size }, (_, i) =>
    pixel(Math.floor(i / size), Math.floor((i % size) / side), i % side),
  );
  const images = new Uint32Array(Float32Array.from(pixels).buffer);
  const x = new Float64Array(count * size);
  const classes = new Uint32Array(count);
  gather.twin(
    { x, labels: new Uint32Array(count), images, more: images, classes, clock: word(step), seed: word(3) },
    { ...constants, AUGMENT: augment },
  );
  return Array.from({ length: count }, (_, m) => x.slice(m * size, (m + 1) * size));
}

/** Which images are in the batch of `size` at step `clock`, where an epoch has `steps`. */
function taken(size: number, steps: number, clock: number, shuffle: boolean): number[] {
  const labels = new Uint32Array(size);
  const nothing = new Uint32Array(count);
  const classes = Uint32Array.from({ length: count }, (_, i) => i);
  gather.twin(
    { x: new Float64Array(size), labels, images: nothing, more: nothing, classes, clock: word(clock), seed: word(3) },
    { ...constants, M: size, N: 1, WIDTH: 1, STEPS: steps, SHUFFLE: shuffle, SPLIT: count },
  );
  return [...labels];
}

/** The shift and mirroring that turn an image into `made`. */
function changeOf(made: Float64Array, image: number): { down: number; right: number; mirrored: boolean } {
  for (let down = -margin; down <= margin; down++)
    for (let right = -margin; right <= margin; right++)
      for (const mirrored of [false, true]) {
        const fits = made.every((value, i) => {
          const row = Math.floor(i / side) + down;
          const column = (mirrored ? side - 1 - (i % side) : i % side) + right;
          const inside = row >= 0 && row < side && column >= 0 && column < side;
          return value === (inside ? Math.fround(pixel(image, row, column)) : 0);
        });
        if (fits) return { down, right, mirrored };
      }
  throw new Error('The image is not a shifted or mirrored one.');
}

test('augmentation shifts by up to four pixels, black coming in, and mirrors half of the images', () => {
  const changes = Array.from({ length: 200 }, (_, step) => batch(true, step).map(changeOf)).flat();
  for (const key of ['down', 'right'] as const)
    expect(new Set(changes.map((change) => change[key]))).toEqual(new Set([-4, -3, -2, -1, 0, 1, 2, 3, 4]));
  // 1000 fair draws: 500 ± 5 standard deviations.
  const mirrored = changes.filter((change) => change.mirrored).length;
  expect(Math.abs(mirrored - 500)).toBeLessThan(80);
});

test('a step is augmented the same way again, and without augmentation images come as they are', () => {
  expect(batch(true, 7)).toEqual(batch(true, 7));
  for (const change of batch(false, 7).map(changeOf)) expect(change).toEqual({ down: 0, right: 0, mirrored: false });
});

test.each([true, false])(
  'a batch larger than the data set takes every image about as often, shuffled: %s',
  (shuffle) => {
    for (const epoch of [0, 1, 2]) {
      // 13 places for 5 images.
      const images = taken(13, 1, epoch, shuffle);
      for (let image = 0; image < count; image++)
        expect([2, 3]).toContain(images.filter((each) => each === image).length);
    }
  },
);

test.each([true, false])('what a last batch has too many is behind all others, shuffled: %s', (shuffle) => {
  // A test counts as many places as there are images (tally.wgsl).
  const images = [0, 1, 2].flatMap((clock) => taken(2, 3, clock, shuffle));
  expect(new Set(images.slice(0, count)).size).toBe(count);
  expect(images[count]).toBe(images[0]);
});
