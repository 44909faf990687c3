import { expect, onTestFinished, test, vi } from 'vitest';
import { cpuDevice } from './cpu.ts';
import { dispatch } from './kernel.ts';
import { fill } from './kernels/fill.ts';
import { Plan } from './plan.ts';

test('many short runs in a row let messages be heard', async () => {
  const device = cpuDevice('float64');
  const plan = new Plan(1);
  const value = plan.tensor('value', 8);
  await device.allocate(plan.tensors);
  const program = await device.compile([dispatch(fill, { value }, { N: 4, FIRST: 1, SECOND: 2 })]);
  // A run takes a millisecond, far less than a turn.
  let time = 0;
  const clock = vi.spyOn(performance, 'now').mockImplementation(() => ++time);
  onTestFinished(() => clock.mockRestore());
  const hear = vi.fn<() => void>();
  setTimeout(hear);
  for (let runs = 0; runs < 10_000 && hear.mock.calls.length === 0; runs++) await device.run([{ program, times: 1 }]);
  expect(hear).toHaveBeenCalled();
});
