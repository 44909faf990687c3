import { afterAll, beforeAll, describe, test } from 'vitest';
import type { Device } from '../device.ts';
import { checkKernel, everySchedule, scheduled, testDevice } from '../testing.ts';
import { cases, productDeviations } from './products-testing.ts';

let gpu: Device;
beforeAll(async () => void (gpu = await testDevice()));
afterAll(() => gpu.destroy());

/** This adapter can run them all. */
describe.each(everySchedule)('the schedule %s', (schedule, runs) => {
  const deviations = () => productDeviations(gpu, (kernel) => scheduled(kernel, schedule));

  test('apply is its twin', () => checkKernel(cases, deviations().apply, 2e-6, runs));
  test('pullback is its twin', () => checkKernel(cases, deviations().pullback, 2e-6, runs));
  test('outer is its twin', () => checkKernel(cases, deviations().outer, 2e-6, runs));
});
