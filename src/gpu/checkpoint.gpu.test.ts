import { afterAll, beforeAll, expect, test } from 'vitest';
import { parseNetwork } from '../model/network.ts';
import { rules } from '../model/rules/index.ts';
import { aloneAndTogether, differing, straightAndResumed, tinyExperiment, tinyTrainer } from './checkpoint-testing.ts';
import type { Device } from './device.ts';
import { bytesOf } from './tensor.ts';
import { testDevice } from './testing.ts';

let gpu: Device;
beforeAll(async () => void (gpu = await testDevice()));
afterAll(() => gpu.destroy());

test.each(rules.map(({ id }) => id))('%s goes on from a checkpoint with the same bits on WebGPU', async (rule) => {
  const [straight, resumed] = await straightAndResumed(tinyExperiment(rule, { sparsity: 0.4 }), gpu);
  expect(resumed).toEqual(straight);
});

test('experiments that train together leave the files of each alone on WebGPU', async () => {
  const experiments = differing.map((changes) => tinyExperiment('pfa', changes));
  const [alone, together] = await aloneAndTogether(experiments, gpu);
  expect(together).toEqual(alone);
});

test('a state that is larger than a buffer may be is read whole', async () => {
  const experiment = tinyExperiment('bp', { layers: parseNetwork('1000-1000-1000-1000-1000'), replicas: 10 });
  const trainer = await tinyTrainer(experiment, gpu);
  // WebGPU promises buffers of 256 MiB, and no more are asked for.
  expect(bytesOf(trainer.state)).toBeGreaterThan(256 * 2 ** 20);
  const snapshot = await trainer.snapshot();
  expect([...snapshot.keys()]).toEqual(trainer.state.map(({ name }) => name));
  for (const { name, size, replicas } of trainer.state) expect(snapshot.get(name)).toHaveLength(size * replicas);
  expect(snapshot.get('layers.4.weight')?.at(-1001)).not.toBe(0);
  trainer.dispose();
});
