import fc from 'fast-check';
import { afterAll, beforeAll, describe, test } from 'vitest';
import type { Device } from '../device.ts';
import { checkKernel, everySchedule, scheduled, testDevice } from '../testing.ts';
import { cases, productDeviations, type Case } from './products-testing.ts';

let gpu: Device;
beforeAll(async () => void (gpu = await testDevice()));
afterAll(() => gpu.destroy());

test('the schedule quads makes an output of more workgroups than a grid is long, of 32 rows each', () =>
  checkKernel(
    fc.constant<Case>([
      { M: 32 * 65_536 + 5, N: 1, K: 1, replicas: 1 },
      { first: true, second: true },
    ]),
    productDeviations(gpu, (kernel) => scheduled(kernel, 'quads')).apply,
    2e-6,
    1,
  ));

/** This adapter can run them all. */
describe.each(everySchedule)('the schedule %s', (schedule, runs) => {
  const deviations = () => productDeviations(gpu, (kernel) => scheduled(kernel, schedule));

  test('apply is its twin', () => checkKernel(cases, deviations().apply, 2e-6, runs));
  test('pullback is its twin', () => checkKernel(cases, deviations().pullback, 2e-6, runs));
  test('outer is its twin', () => checkKernel(cases, deviations().outer, 2e-6, runs));
});
