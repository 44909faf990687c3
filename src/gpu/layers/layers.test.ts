import { describe, expect, test } from 'vitest';
import type { Dataset } from '../../data/dataset.ts';
import type { Experiment } from '../../model/experiment.ts';
import { defaultsFor } from '../../model/fields.ts';
import { parseNetwork } from '../../model/network.ts';
import type { Shape } from '../../model/shape.ts';
import { cpuDevice } from '../cpu.ts';
import { record } from '../recording.ts';
import { draws } from '../testing.ts';
import type { Numbers } from '../tensor.ts';
import { Trainer } from '../trainer.ts';

const count = 6;

/** Random images; one batch is all of them. */
function dataset(shape: Shape): Dataset {
  const images = draws(count * shape.height * shape.width * shape.channels);
  const split = { count, images, labels: Uint8Array.from({ length: count }, (_, i) => i % 3) };
  return { id: 'random', name: 'Random', shape, classes: 3, mean: [0], std: [1], train: split, test: split };
}

async function prepared(network: string, shape: Shape, settings: Partial<Experiment>): Promise<Trainer> {
  const experiment = { ...defaultsFor('bp'), batch: count, decay: 0, earlyDecay: 0, ...settings };
  const trainer = new Trainer({ ...experiment, layers: parseNetwork(network) }, dataset(shape), { shuffle: false });
  await trainer.prepare(cpuDevice('float64'));
  return trainer;
}

/** The loss of a training step at a state that differs from `state` in one number. */
async function lossAt(
  trainer: Trainer,
  state: Map<string, Numbers>,
  name: string,
  i: number,
  by: number,
): Promise<number> {
  const numbers = Float64Array.from(state.get(name) as Numbers);
  numbers[i] += by;
  trainer.restore(new Map([...state, [name, numbers]]));
  const [score] = await trainer.train(1);
  return score.loss[0];
}

test('PAL is refused where its noise has no place', () => {
  const layOut = (network: string): Trainer =>
    new Trainer(
      { ...defaultsFor('pal'), layers: parseNetwork(network) },
      dataset({ height: 8, width: 8, channels: 1 }),
    );
  for (const network of ['c4k3nl-bn-flat', 'c4k3-a(c4k3nl-bn-c4k3nl-bnl)-gavg', '9l-6'])
    expect(() => layOut(network), network).toThrow(/PAL adds its noise before a ReLU/);
  for (const network of ['9-6', 'c4k3-max2-flat-6', 'flat-9', 'max2-9', 'max2-flat-9-9', 'avg2-c4k3-flat'])
    expect(layOut(network).bytes).toBeGreaterThan(0);
});

test('no error goes to the images, nor to what pools or flattens them', () => {
  const step = (network: string): string[] => {
    const experiment = { ...defaultsFor('bp'), layers: parseNetwork(network) };
    const { programs } = record(experiment, dataset({ height: 8, width: 8, channels: 1 }), {});
    return programs.stepEven.map(({ kernel }) => kernel.name);
  };
  const plain = step('9');
  for (const [network, own] of [
    ['flat-9', ['transpose']],
    ['max2-9', ['pool']],
    ['avg2-flat-9', ['pool', 'transpose']],
  ] as const)
    expect(step(network).toSorted(), network).toEqual([...plain, ...own].toSorted());
});

describe('under BP one step of SGD follows the numerical gradient', () => {
  const image: Shape = { height: 9, width: 8, channels: 3 };
  for (const network of [
    'c4k3s2-c5k2s3p1l-flat',
    'c4k5p1-max3s2p1-avg3s2p1-gavg',
    'c3k3-avg2-gmax-7',
    'c4k3nl-bn-a(c4k3nl-bn-c4k3nl-bnl)-gavg',
    'c4k3-a(c7k3s2nl-bnl)-a(c7k3l-c7k3l)l-flat',
    'c4k3-b(c6k3s2nl-bn-c6k3nl-bnl)-max2-flat',
    '9-bn-6',
    'b(a(c3k3l)l-bnl)-c2k3-flat',
    'b(max3s2p1)-flat-5',
    'max2-flat-7-flat-6',
  ])
    test(network, async () => {
      const trainer = await prepared(network, image, { rate: 1, momentum: 0 });
      // A bias of 0 would sit at the kink of the ReLU wherever all inputs are 0.
      const drawn = await trainer.snapshot();
      for (const { value } of trainer.network.parameters)
        drawn.set(
          value.name,
          Float64Array.from(drawn.get(value.name) as Numbers, (x, i) => x + 0.1 * Math.sin(i + 1)),
        );
      trainer.restore(drawn);
      const start = await trainer.snapshot();
      await trainer.train(1);
      const end = await trainer.snapshot();
      for (const { value, velocity } of trainer.network.parameters) {
        if (!velocity) continue;
        const before = start.get(value.name) as Numbers;
        const after = end.get(value.name) as Numbers;
        // Seven numbers all over the tensor, biases and shifts among them.
        for (let k = 0; k < 7; k++) {
          const i = Math.floor(((k + 0.99) / 7) * before.length);
          // Close enough that hardly any ReLU switches in between, and far enough apart for float64.
          const [up, down] = [1e-6, -1e-6];
          const rise =
            (await lossAt(trainer, start, value.name, i, up)) - (await lossAt(trainer, start, value.name, i, down));
          expect(before[i] - after[i], `${value.name}[${i}]`).toBeCloseTo(rise / (up - down), 7);
        }
      }
    });
});

test('a test normalises by the running statistics, which the look of the metrics leaves alone', async () => {
  const shape: Shape = { height: 5, width: 4, channels: 2 };
  const trainer = await prepared('c3k3nl-bn-flat', shape, { rate: 0 });
  const { running } = trainer.network.norms[0];
  await trainer.align();
  expect([...((await trainer.snapshot()).get(running.name) as Numbers)]).toEqual([0, 0, 0, 1, 1, 1]);

  const [training] = await trainer.train(1);
  const tracked = (await trainer.snapshot()).get(running.name) as Numbers;
  // Without the start's share, and with the biased variance, they are the batch's own.
  const rows = count * 20;
  const own = tracked.map((value, i) => (i < 3 ? value / 0.1 : (((value - 0.9) / 0.1) * (rows - 1)) / rows));
  trainer.inject(running.name, own);
  expect((await trainer.test()).loss[0]).toBeCloseTo(training.loss[0], 12);
});

test('replicas of a residual network train as they would alone', async () => {
  const settings = { rule: 'pfa', rate: 0.1, earlyDecay: 0.01, expansion: 2 };
  const shape: Shape = { height: 6, width: 6, channels: 2 };
  const network = 'c3k3nl-bn-a(c4k3s2nl-bn-c4k3nl-bnl)-max2-flat';
  const data = dataset(shape);
  const lossesOf = async (replicas: number, seed: number): Promise<number[][]> => {
    const experiment = { ...defaultsFor('pfa'), batch: 3, ...settings, replicas, seed, layers: parseNetwork(network) };
    const trainer = new Trainer(experiment, data);
    await trainer.prepare(cpuDevice('float64'));
    // An epoch has two steps.
    return [...(await trainer.train(2)), ...(await trainer.train(2))].map((score) => [...score.loss]);
  };
  const together = await lossesOf(2, 5);
  const [first, second] = [await lossesOf(1, 5), await lossesOf(1, 6)];
  expect(together).toEqual(first.map(([loss], step) => [loss, second[step][0]]));
});
