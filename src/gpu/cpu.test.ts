import { expect, test } from 'vitest';
import { cpuDevice } from './cpu.ts';
import type { Tensor } from './tensor.ts';

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
    // It is freed only after what was asked for before, and yet at once for who comes next.
    device.free([value]);
    expect(write(1)).toThrow('Tensor value is not allocated.');
    expect([...(await reading)[0]]).toEqual([0, 0, 7, 8]);
  },
);
