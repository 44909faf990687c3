import { expect, onTestFinished, test, vi } from 'vitest';
import { cpuDevice } from './cpu.ts';
import { dispatch } from './kernel.ts';
import { fill } from './kernels/fill.ts';
import { Plan } from './plan.ts';
import type { Tensor } from './tensor.ts';

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

test.each(['float32', 'float64'] as const)(
  'who writes to what is not there, or beyond it, hears so at once (%s)',
  async (precision) => {
    const device = cpuDevice(precision);
    const value: Tensor = { name: 'value', type: 'f32', size: 2, replicas: 2 };
    const write = (length: number, offset?: number) => () => device.write(value, new Float32Array(length), offset);
    expect(write(1)).toThrow('Tensor value is not allocated.');
    await device.allocate([value]);
    expect(write(5)).toThrow('Tensor value has 4 numbers, and no room for 5 from 0 on.');
    expect(write(2, 3)).toThrow('no room for 2 from 3 on.');
    device.write(value, Float32Array.of(7, 8), 2);
    const reading = device.run([], [value]);
    // It is freed after the work that was asked for before, but later calls find it gone at once.
    device.free([value]);
    expect(write(1)).toThrow('Tensor value is not allocated.');
    expect([...(await reading)[0]]).toEqual([0, 0, 7, 8]);
  },
);
