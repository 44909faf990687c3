import fc from 'fast-check';
import { afterEach, expect, test, vi } from 'vitest';
import { fastest } from './contest.ts';
import { cpuDevice } from './cpu.ts';
import type { Device } from './device.ts';
import { dispatch } from './kernel.ts';
import { fill } from './kernels/fill.ts';
import type { Tensor } from './tensor.ts';

afterEach(() => vi.restoreAllMocks());

const value: Tensor = { name: 'value', type: 'f32', size: 2, replicas: 1 };
const call = dispatch(fill, { value }, { N: 1, FIRST: 1, SECOND: 2 });

const names = ['tiles64', 'tiles32', 'split'] as const;

/** Milliseconds, on a clock that only moves while a device runs. */
let now = 0;

/** A device on which the dispatch takes `kernel` milliseconds, and every run `way` milliseconds more. */
function simulated(kernel: number, way: () => number): Device {
  return {
    ...cpuDevice('float64'),
    async run(calls) {
      now += way();
      for (const { times } of calls) now += times * kernel;
      return [];
    },
  };
}

test('whoever wins against the usual schedule is faster, however long a submit takes beside the kernels', () =>
  fc.assert(
    fc.asyncProperty(
      fc.array(fc.double({ min: 0.01, max: 0.03, noNaN: true }), { minLength: 3, maxLength: 3 }),
      fc.constantFrom(...names),
      fc.infiniteStream(fc.double({ min: 0.05, max: 2, noNaN: true })),
      async (kernels, usual, ways) => {
        vi.spyOn(performance, 'now').mockImplementation(() => now);
        const contenders = names.map((name, i) => {
          let runs = 0;
          // The first run of all is slower than any other.
          return { name, device: simulated(kernels[i], () => (runs++ === 0 ? 50 : ways.next().value)) };
        });
        const chosen = await fastest(call, contenders, usual);
        const [won, least] = [kernels[names.indexOf(chosen)], Math.min(...kernels)];
        const common = kernels[names.indexOf(usual)];
        if (chosen !== usual) expect(won).toBeLessThan(common);
        // A device that is faster by a third is found.
        if (least * 1.33 < common) expect(won).toBeLessThan(1.12 * least);
      },
    ),
  ));

test('who compiles for long is out, even if it is the usual one and the fastest', async () => {
  vi.spyOn(performance, 'now').mockImplementation(() => now);
  const contenders = names.map((name, i) => {
    const device = simulated([0.01, 0.02, 0.03][i], () => 1);
    const compile: Device['compile'] = async (dispatches) => {
      now += name === 'tiles64' ? 2000 : 100;
      return device.compile(dispatches);
    };
    return { name, device: { ...device, compile } };
  });
  expect(await fastest(call, contenders, 'tiles64')).toBe('tiles32');
});

test('a contest that fails leaves no memory behind', async () => {
  const held = new Set<string>();
  const contenders = names.map((name) => {
    const device: Device = {
      ...simulated(1, () => 1),
      allocate: async () => void held.add(name),
      free: () => void held.delete(name),
    };
    return { name, device };
  });
  const failing = { ...contenders[1].device, compile: () => Promise.reject(new Error('No such shader.')) };
  const contest = fastest(call, [contenders[0], { name: 'tiles32', device: failing }, contenders[2]], 'split');
  await expect(contest).rejects.toThrow('No such shader.');
  expect(held).toEqual(new Set());
});
