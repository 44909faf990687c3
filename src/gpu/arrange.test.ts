import { expect, test } from 'vitest';
import type { Dataset } from '../data/dataset.ts';
import { defaultsFor } from '../model/fields.ts';
import { parseNetwork } from '../model/network.ts';
import { rules } from '../model/rules/index.ts';
import { arrange } from './arrange.ts';
import { tinyExperiment, tinyTrainer } from './checkpoint-testing.ts';
import { cpuDevice } from './cpu.ts';
import type { Device } from './device.ts';
import type { Dispatch } from './kernel.ts';
import type { Launch, Room } from './launch.ts';
import { record } from './recording.ts';

/** What Chrome gives on most GPUs. */
const room: Room = {
  schedules: { large: 'tiles64', small: 'split' },
  storageBuffers: 10,
  workgroups: 65_535,
  sharedBytes: 16_384,
};

/** As many classes and numbers an image as MNIST has. */
function blackMnist(): Dataset {
  const split = { count: 64, images: new Uint8Array(64 * 784), labels: new Uint8Array(64) };
  const shape = { height: 28, width: 28, channels: 1 };
  return { id: 'black', name: 'black', shape, classes: 10, mean: [0.5], std: [0.5], train: split, test: split };
}

const stepOf = (rule: string): Dispatch[] => [...record(defaultsFor(rule), blackMnist(), {}).programs.stepEven];
const describeLaunch = ({ chains }: Launch): string =>
  chains.map((chain) => chain.map(({ dispatch }) => dispatch.kernel.name).join(' > ')).join(' + ');

test('a step of the paper’s MLP under BP is five launches, in one of which the next batch is fetched', () => {
  expect(arrange(stepOf('bp'), room).map(describeLaunch)).toEqual([
    'gather + apply',
    'apply',
    'apply > score > pullback',
    'pullback + tally + outer',
    'outer + outer',
  ]);
});

// At batch 64 a real GPU's step is bound by the number of launches: one more has to be worth it.
test.each([
  ['pfa', 17, 8],
  ['pfaf', 18, 7],
  ['fa', 11, 5],
  ['dfa', 11, 5],
  ['kp', 14, 6],
  ['usf', 13, 6],
  ['brsf', 15, 7],
  ['mixed', 24, 10],
  ['pal', 26, 10],
  ['wm', 33, 17],
])('a step of the paper’s MLP under %s, %i dispatches, is %i launches', (rule, dispatches, launches) => {
  const step = stepOf(rule);
  expect(step).toHaveLength(dispatches);
  expect(arrange(step, room)).toHaveLength(launches);
});

test('an adapter with fewer buffers or less shared memory gets more launches, and never one that it cannot do', () => {
  const poor = { ...room, storageBuffers: 8 };
  const launches = arrange(stepOf('pfa'), poor);
  expect(launches.length).toBeGreaterThan(8);
  for (const { slots } of launches)
    expect(slots.filter(({ variable }) => variable.space !== 'uniform').length).toBeLessThanOrEqual(8);
  const cramped = arrange(stepOf('bp'), { ...room, sharedBytes: 8192 });
  const joined = cramped.map(({ chains }) => chains.flat()).filter(({ length }) => length > 1);
  expect(joined.length).toBeGreaterThan(0);
  for (const { outline } of joined.flat()) expect(outline.scratch * 16).toBeLessThanOrEqual(8192);
});

/** The CPU device, given the arranged dispatches. The chains of a launch run in reverse order, which must not matter. */
function arranging(): Device {
  const cpu = cpuDevice('float64');
  return {
    ...cpu,
    compile: (dispatches) =>
      cpu.compile(
        arrange(dispatches, room).flatMap(({ chains }) =>
          chains.toReversed().flatMap((chain) => chain.map((unit) => unit.dispatch)),
        ),
      ),
  };
}

const networks = ['6', 'c4k3-6', '5-4-3'];
test.each(rules.flatMap(({ id }) => networks.map((layers) => [id, layers] as const)))(
  'a step of %s on %s, arranged, has the effect that it has as recorded',
  async (rule, layers) => {
    const experiment = tinyExperiment(rule, { layers: parseNetwork(layers), sparsity: 0.4 });
    const outcomes = [];
    for (const device of [cpuDevice('float64'), arranging()]) {
      const trainer = await tinyTrainer(experiment, device);
      await trainer.warmUp();
      const scores = [...(await trainer.train(3)), await trainer.test()];
      outcomes.push({ scores, alignment: await trainer.align(), state: await trainer.snapshot() });
    }
    expect(outcomes[1]).toEqual(outcomes[0]);
  },
);
