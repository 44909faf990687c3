import { describe, expect, test } from 'vitest';
import { readSafetensors, type Tensor } from '../data/safetensors.ts';
import { faultOf } from '../data/testing.ts';
import { parseNetwork } from '../model/network.ts';
import { rules } from '../model/rules/index.ts';
import { readCheckpoint } from './checkpoint.ts';
import { initialise, resume, writeCheckpoint } from './checkpoint-state.ts';
import {
  aloneAndTogether,
  checkpointOf,
  differing,
  file,
  straightAndResumed,
  tinyDataset,
  tinyExperiment,
  tinyTrainer,
} from './checkpoint-testing.ts';
import { cpuDevice } from './cpu.ts';
import { Trainer } from './trainer.ts';

const finite = { finite: true };

/** The tensors of a run of `rule` after three steps. */
async function tensorsAfterThreeSteps(rule: string, changes = {}): Promise<Map<string, Tensor>> {
  const trainer = await tinyTrainer(tinyExperiment(rule, changes), cpuDevice());
  await trainer.train(3);
  return readSafetensors(file, await writeCheckpoint(trainer), finite).tensors;
}

test('a convolution has the sides of its window in a file, also where it is one place on a map of one', async () => {
  const tensors = await tensorsAfterThreeSteps('bp', { layers: parseNetwork('gavg-c4k1-flat'), replicas: 1 });
  expect(tensors.get('layers.0.weight')?.shape).toEqual([4, 1, 1, 1]);
  expect(tensors.get('layers.1.weight')?.shape).toHaveLength(2);
});

describe('a run that goes on from a checkpoint has the bits of one that never stopped', () => {
  const cases = rules.flatMap(({ id }) => [0, 0.4].map((sparsity) => [id, sparsity] as const));
  test.each(cases)('%s, sparsity %d', async (rule, sparsity) => {
    const [straight, resumed] = await straightAndResumed(tinyExperiment(rule, { sparsity }), cpuDevice());
    expect(resumed).toEqual(straight);
  });

  test('a convolutional network with batch norm and a residual block', async () => {
    const layers = parseNetwork('c4k3nl-bn-a(c4k3nl-bn-c4k3nl-bnl)-gavg');
    const [straight, resumed] = await straightAndResumed(tinyExperiment('pfa', { layers }), cpuDevice());
    expect(resumed).toEqual(straight);
  });
});

describe('a run goes on with another sparsity as if that had been changed while it ran', () => {
  const sparse = rules.filter(({ fields }) => fields.includes('sparsity'));
  const changes = [
    [0.5, 0.9],
    [0.9, 0.5],
    [0, 0.5],
    [0.5, 0],
  ] as const;
  const cases = sparse.flatMap(({ id }) => changes.map(([from, to]) => [id, from, to] as const));
  test.each(cases)('%s, from %d to %d', async (rule, from, to) => {
    const live = await tinyTrainer(tinyExperiment(rule, { sparsity: from }), cpuDevice());
    await live.train(3);
    const checkpoint = readCheckpoint(file, await writeCheckpoint(live));
    const changed = tinyExperiment(rule, { sparsity: to });
    const resumed = await tinyTrainer(changed, cpuDevice());
    await resume(resumed, checkpoint);
    await live.tune(changed);
    for (const trainer of [live, resumed]) await trainer.train(2);
    expect(await resumed.snapshot()).toEqual(await live.snapshot());
  });
});

test('a run goes on with the networks that have not diverged', async () => {
  const [straight, wild, resumed] = await Promise.all(
    Array.from({ length: 3 }, () => tinyTrainer(tinyExperiment('pfa'), cpuDevice())),
  );
  for (const trainer of [straight, wild]) await trainer.train(3);
  const state = await wild.snapshot();
  const weights = state.get('layers.0.weight');
  weights?.fill(NaN, weights.length / 2);
  wild.restore(state);
  await resume(resumed, readCheckpoint(file, await writeCheckpoint(wild)));
  await straight.train(2);
  for (const { loss } of await resumed.train(2)) expect(loss[1]).toBeNaN();
  const [after, healthy] = [await resumed.snapshot(), await straight.snapshot()];
  for (const { name, size } of straight.state)
    expect(after.get(name)?.subarray(0, size)).toEqual(healthy.get(name)?.subarray(0, size));
});

test.each(rules.map(({ id }) => id))(
  '%s: experiments that train together leave the files of each alone',
  async (rule) => {
    const experiments = differing.map((changes) => tinyExperiment(rule, changes));
    const [alone, together] = await aloneAndTogether(experiments, cpuDevice());
    expect(together).toEqual(alone);
  },
);

test('only experiments of one program train together', () => {
  const pair = [tinyExperiment('bp'), tinyExperiment('bp', { batch: 4 })];
  expect(() => new Trainer(pair, tinyDataset())).toThrow(/do not share a program/);
});

test('a checkpoint has PyTorch’s names and shapes, replicas in front, and the run in its metadata', async () => {
  const trainer = await tinyTrainer(tinyExperiment('pfa', { sparsity: 0.5 }), cpuDevice(), false);
  await trainer.train(4);
  const { tensors, metadata } = readSafetensors(file, await writeCheckpoint(trainer), finite);
  expect(Object.fromEntries([...tensors].map(([name, { shape }]) => [name, shape.join()]))).toEqual({
    'layers.0.weight': '2,6,16',
    'layers.0.bias': '2,6',
    'layers.0.weight.velocity': '2,6,16',
    'layers.0.bias.velocity': '2,6',
    'layers.0.B': '2,6,12',
    'layers.0.B.full': '2,6,12',
    'layers.0.R': '2,12,16',
    'layers.0.R.velocity': '2,12,16',
    'layers.1.weight': '2,3,6',
    'layers.1.bias': '2,3',
    'layers.1.weight.velocity': '2,3,6',
    'layers.1.bias.velocity': '2,3',
    'layers.1.B': '2,3,6',
    'layers.1.B.full': '2,3,6',
    'layers.1.R': '2,6,6',
    'layers.1.R.velocity': '2,6,6',
  });
  expect(metadata.get('clock')).toBe('4');
  expect(metadata.get('shuffle')).toBe('false');
  expect(JSON.parse(metadata.get('experiment') ?? '')).toMatchObject({ rule: 'pfa', layers: '6', sparsity: 0.5 });
});

test('the exported weights compute the logits that the trainer scores', async () => {
  const trainer = await tinyTrainer(tinyExperiment('bp', { replicas: 1, rate: 0.1 }), cpuDevice());
  await trainer.train(5);
  const { tensors } = readSafetensors(file, await writeCheckpoint(trainer), finite);
  const layer = (k: number, x: readonly number[]): number[] => {
    const [weight, bias] = [`layers.${k}.weight`, `layers.${k}.bias`].map((name) => tensors.get(name)?.data ?? []);
    return Array.from(bias, (b, o) => x.reduce((sum, value, i) => sum + value * weight[o * x.length + i], b));
  };
  const { test: split, mean, std } = tinyDataset();
  let loss = 0;
  for (const [n, label] of split.labels.entries()) {
    const image = Array.from(split.images.subarray(n * 16, n * 16 + 16), (byte) => (byte / 255 - mean[0]) / std[0]);
    const logits = layer(
      1,
      layer(0, image).map((z) => Math.max(0, z)),
    );
    loss += Math.log(logits.reduce((sum, z) => sum + Math.exp(z), 0)) - logits[label];
  }
  expect((await trainer.test()).loss[0]).toBeCloseTo(loss / split.count, 5);
});

describe('a network starts from a file of some of its tensors', () => {
  test('weights and biases of one network go to every replica; the rest stays as drawn', async () => {
    const all = await tensorsAfterThreeSteps('bp', { replicas: 1 });
    const some = new Map([...all].filter(([name]) => /(weight|bias)$/.test(name)));
    const trainer = await tinyTrainer(tinyExperiment('kp'), cpuDevice());
    const drawn = await trainer.snapshot();
    expect(await initialise(trainer, checkpointOf(some))).toEqual([]);
    const { tensors } = readSafetensors(file, await writeCheckpoint(trainer), finite);
    const weight = [...(all.get('layers.0.weight')?.data ?? [])];
    expect([...(tensors.get('layers.0.weight')?.data ?? [])]).toEqual([...weight, ...weight]);
    const after = await trainer.snapshot();
    expect(after.get('layers.0.feedback')).toEqual(drawn.get('layers.0.feedback'));
    expect(trainer.step).toBe(0);
  });

  test('feedback from outside is kept, and cut by the run’s own mask', async () => {
    const ones = new Map([['layers.1.feedback', { shape: [3, 6], data: new Float32Array(18).fill(1) }]]);
    const trainer = await tinyTrainer(tinyExperiment('fa', { sparsity: 0.5 }), cpuDevice());
    await initialise(trainer, checkpointOf(ones));
    const cut = (await trainer.snapshot()).get('layers.1.feedback') ?? [];
    expect(new Set(cut)).toEqual(new Set([0, 1]));
    await trainer.tune({ ...trainer.experiment, sparsity: 0 });
    expect(new Set((await trainer.snapshot()).get('layers.1.feedback'))).toEqual(new Set([1]));
  });

  test('of runs that train together, each takes it as it would alone', async () => {
    const ones = new Map([['layers.1.feedback', { shape: [3, 6], data: new Float32Array(18).fill(1) }]]);
    const experiments = [0.5, 0].map((sparsity, i) => tinyExperiment('fa', { sparsity, seed: 4 * i, replicas: i + 1 }));
    const together = await tinyTrainer(experiments, cpuDevice());
    for (const run of together.runs) {
      await initialise(together, checkpointOf(ones), run);
      const alone = await tinyTrainer(run.experiment, cpuDevice());
      await initialise(alone, checkpointOf(ones));
      expect(await writeCheckpoint(together, { run })).toEqual(await writeCheckpoint(alone));
    }
    // Two networks in a file are not the two networks of two runs.
    const pair = await tinyTrainer(
      [tinyExperiment('fa', { replicas: 1 }), tinyExperiment('fa', { replicas: 1 })],
      cpuDevice(),
    );
    const two = new Map([['layers.1.feedback', { shape: [2, 3, 6], data: new Float32Array(36) }]]);
    expect((await faultOf(() => initialise(pair, checkpointOf(two))))?.message).toMatch(/should be \(3, 6\)/);
  });

  test('a sparse run’s own file starts the same network again', async () => {
    const tensors = await tensorsAfterThreeSteps('pfa', { sparsity: 0.5 });
    const trainer = await tinyTrainer(tinyExperiment('pfa', { sparsity: 0.5 }), cpuDevice());
    const ignored = await initialise(trainer, checkpointOf(tensors));
    expect(ignored).toEqual([...tensors.keys()].filter((name) => name.endsWith('.velocity')));
    const again = readSafetensors(file, await writeCheckpoint(trainer), finite).tensors;
    for (const [name, tensor] of tensors) if (!ignored.includes(name)) expect(again.get(name)).toEqual(tensor);
  });

  test.each<[string, string, Tensor, RegExp]>([
    [
      'an unknown name',
      'fc1.weight',
      { shape: [6, 16], data: new Float32Array(96) },
      /fc1\.weight is none.*layers\.0\.w/,
    ],
    [
      'a layer too many',
      'layers.2.weight',
      { shape: [1], data: new Float32Array(1) },
      /layers\.2\.weight is none of its/,
    ],
    [
      'a transposed weight',
      'layers.0.weight',
      { shape: [16, 6], data: new Float32Array(96) },
      /should be \(6, 16\), but/,
    ],
    ['nothing that is of use', 'layers.0.R', { shape: [1], data: new Float32Array(1) }, /it has none of its tensors/],
    [
      'what is no number',
      'layers.0.weight',
      { shape: [6, 16], data: new Float32Array(96).fill(NaN) },
      /value 0 of layers\.0\.weight is NaN/,
    ],
  ])('%s is refused', async (_, name, tensor, message) => {
    const trainer = await tinyTrainer(tinyExperiment('bp'), cpuDevice());
    expect((await faultOf(() => initialise(trainer, checkpointOf(new Map([[name, tensor]])))))?.message).toMatch(
      message,
    );
  });
});

test('a run goes on only from a whole checkpoint', async () => {
  const trainer = await tinyTrainer(tinyExperiment('fa'), cpuDevice());
  const { tensors, metadata } = readSafetensors(file, await writeCheckpoint(trainer), finite);
  const messageOf = async (change: (copy: Map<string, Tensor>) => unknown, run = metadata): Promise<string> => {
    const copy = new Map(tensors);
    change(copy);
    return (await faultOf(() => resume(trainer, checkpointOf(copy, run))))?.message ?? 'none';
  };
  expect(await messageOf(() => {})).toBe('none');
  expect(await messageOf((copy) => copy.delete('layers.1.feedback'))).toMatch(/feedback \(2, 3, 6\) is missing/);
  expect(await messageOf((copy) => copy.set('layers.9.bias', { shape: [0], data: new Float32Array() }))).toMatch(
    /layers\.9\.bias is none of its tensors/,
  );
  expect(await messageOf((copy) => copy.set('layers.0.bias', { shape: [6], data: new Float32Array(6) }))).toMatch(
    /layers\.0\.bias should be \(2, 6\), but is \(6\)/,
  );
  const timeless = new Map([...metadata].filter(([key]) => key !== 'clock'));
  expect(await messageOf(() => {}, timeless)).toMatch(/clock is missing in its metadata/);
  expect(await messageOf(() => {}, new Map())).toMatch(/no experiment in its metadata.*--init/);
  for (const [key, value] of [
    ['experiment', '{"rule":"bp"'],
    ['experiment', '{"rule":"no such rule"}'],
    ['experiment', `{"rule":"${'x'.repeat(9000)}"}`],
    ['clock', '-1'],
    ['shuffle', 'maybe'],
  ])
    expect(await messageOf(() => {}, new Map(metadata).set(key, value))).toMatch(/not a checkpoint that can be read/);
});
