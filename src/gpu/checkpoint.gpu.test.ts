import { afterAll, beforeAll, expect, test } from 'vitest';
import { rules } from '../model/rules/index.ts';
import { straightAndResumed, tinyExperiment } from './checkpoint-testing.ts';
import type { Device } from './device.ts';
import { testDevice } from './testing.ts';

let gpu: Device;
beforeAll(async () => void (gpu = await testDevice()));
afterAll(() => gpu.destroy());

test.each(rules.map(({ id }) => id))('%s goes on from a checkpoint with the same bits on WebGPU', async (rule) => {
  const [straight, resumed] = await straightAndResumed(tinyExperiment(rule, { sparsity: 0.4 }), gpu);
  expect(resumed).toEqual(straight);
});
