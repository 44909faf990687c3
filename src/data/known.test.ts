import { expect, test } from 'vitest';
import { knownDatasets } from '../model/datasets.ts';
import { measure, recognise } from './known.ts';

test('mean and standard deviation are those of each channel', () => {
  const { mean, std } = measure(Uint8Array.of(0, 51, 255, 51, 0, 51, 255, 51), 2);
  expect(mean).toEqual([0.5, 0.2]);
  expect(std[0]).toBeCloseTo(0.5, 12);
  // A channel that never varies is not scaled.
  expect(std[1]).toBe(1);
});

test('each known set is recognised by its shape and statistics, also when they are a little off', () => {
  for (const [id, { shape, mean, std }] of Object.entries(knownDatasets)) {
    expect(recognise(shape, mean, std)).toBe(id);
    expect(
      recognise(
        shape,
        mean.map((value) => value + 0.01),
        std,
      ),
    ).toBe(id);
  }
});

test('look-alikes of MNIST are not taken for it', () => {
  const { shape } = knownDatasets.mnist;
  expect(recognise(shape, [0.1736], [0.3317])).toBeUndefined(); // EMNIST digits
  expect(recognise(shape, [0.1918], [0.3483])).toBeUndefined(); // Kuzushiji-MNIST
  expect(recognise({ ...shape, height: 32 }, [0.1307], [0.3081])).toBeUndefined();
});
