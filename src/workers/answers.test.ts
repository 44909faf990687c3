import { expect, test } from 'vitest';
import { tinyExperiment, tinyTrainer } from '../gpu/checkpoint-testing.ts';
import { cpuDevice } from '../gpu/cpu.ts';
import { answersOf } from './answers.ts';

test('what the network says to the first test images comes with every test, and with their pixels', async () => {
  const trainer = await tinyTrainer(tinyExperiment('bp', { replicas: 2 }), cpuDevice());
  expect(answersOf(trainer)).toBeNull();
  await trainer.train(3);
  const { accuracy } = await trainer.test();
  const { test: split, shape } = trainer.dataset;
  const answers = answersOf(trainer);
  expect(answers).toMatchObject({ step: 3, shape, labels: [...split.labels].slice(0, 40) });
  const { named = [], labels = [], sure = [], pixels } = answers ?? {};
  // The tiny set's test images are so few that all of them are among the first.
  const right = named.filter((name, i) => name === labels[i]).length;
  expect(right / split.count).toBeCloseTo(accuracy[0] ?? NaN, 6);
  expect(sure.every((share) => share > 1 / trainer.dataset.classes && share <= 1)).toBe(true);
  expect(pixels).toHaveLength(labels.length * shape.height * shape.width * 4);
  const [first] = split.images;
  expect([...(pixels?.subarray(0, 4) ?? [])]).toEqual([first, first, first, 255]);
});
