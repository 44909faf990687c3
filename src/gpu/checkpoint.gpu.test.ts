import { afterAll, beforeAll, expect, test } from 'vitest';
import { rules } from '../model/rules/index.ts';
import { aloneAndTogether, differing, straightAndResumed, tinyExperiment } from './checkpoint-testing.ts';
import type { Device } from './device.ts';
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
