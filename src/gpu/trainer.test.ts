import { expect, test } from 'vitest';
import type { Dataset } from '../data/dataset.ts';
import type { Experiment } from '../model/experiment.ts';
import { FaultError } from '../model/fault.ts';
import { defaultsFor } from '../model/fields.ts';
import { parseNetwork } from '../model/network.ts';
import { cpuDevice } from './cpu.ts';
import type { Device } from './device.ts';
import { heritage } from './heritage.ts';
import { headOf, type Numbers } from './tensor.ts';
import { Trainer } from './trainer.ts';

/** As many classes and numbers an image as MNIST has, and a few images. */
function fewImages(count: number): Dataset {
  const images = Uint8Array.from({ length: count * 784 }, (_, i) => (i * 31) % 256);
  const split = { count, images, labels: Uint8Array.from({ length: count }, (_, i) => i % 10) };
  const shape = { height: 28, width: 28, channels: 1 };
  return { id: 'few', name: 'few', shape, classes: 10, mean: [0.5], std: [0.5], train: split, test: split };
}

test('all test images count once, also where they do not fill the last batch', async () => {
  // Two batches of 1251.
  const dataset = fewImages(2501);
  const trainer = new Trainer({ ...defaultsFor('bp'), layers: [] }, dataset);
  await trainer.prepare(cpuDevice('float64'));
  const [first, again] = [await trainer.test(), await trainer.test()];
  expect(again).toEqual(first);
  // The same images as one training batch, which they fill exactly, give the same loss.
  const whole = new Trainer({ ...defaultsFor('bp'), layers: [], batch: 2501 }, dataset, { shuffle: false });
  await whole.prepare(cpuDevice('float64'));
  const [score] = await whole.train(1);
  expect(first.loss[0]).toBeCloseTo(score.loss[0], 10);
  expect(first.accuracy[0]).toBeCloseTo(score.accuracy[0], 10);
});

test('a test that nobody waits for ends after the batch under way, and leaves nothing behind', async () => {
  const trainer = new Trainer({ ...defaultsFor('bp'), layers: [] }, fewImages(5100));
  await trainer.prepare(cpuDevice('float64'));
  const whole = await trainer.test();
  let asked = 0;
  expect(await trainer.test(() => asked++ === 1)).toBeNull();
  expect(asked).toBe(2);
  expect(await trainer.test()).toEqual(whole);
});

test('who goes on under another rule takes over what starts by the same law there, and no more', async () => {
  const network = { layers: parseNetwork('12'), expansion: 1 } as const;
  const trainer = async (rule: string): Promise<Trainer> => {
    const made = new Trainer({ ...defaultsFor(rule), ...network }, fewImages(64));
    await made.prepare(cpuDevice('float64'));
    return made;
  };
  const pfa = await trainer('pfa');
  await pfa.train(1);
  const present = await pfa.snapshot();
  const pfao = await trainer('pfao');
  pfao.restore(heritage(present, pfa.network, pfao.network));
  await pfao.sparsify();
  const taken = await pfao.snapshot();
  for (const name of ['layers.0.weight', 'layers.0.weight.velocity', 'layers.1.R'])
    expect(taken.get(name), name).toEqual(present.get(name));
  // B of PFA-o is orthogonal, whatever came before.
  const B = taken.get('layers.1.B') ?? [];
  for (let row = 0; row < 10; row++)
    for (let other = 0; other <= row; other++) {
      let product = 0;
      for (let i = 0; i < 10; i++) product += B[row * 10 + i] * B[other * 10 + i];
      expect(product).toBeCloseTo(Number(row === other), 6);
    }
});

/** A prepared trainer on 40 images in batches of 8, five steps an epoch. */
async function small(rule: string, change: Partial<Experiment> = {}, device = cpuDevice('float64')): Promise<Trainer> {
  const experiment = { ...defaultsFor(rule), layers: parseNetwork('6'), batch: 8, expansion: 1, ...change };
  const trainer = new Trainer(experiment, fewImages(40));
  await trainer.prepare(device);
  return trainer;
}

test('a submit that the GPU has given up, although it says that it is done, is a loss and no score', async () => {
  const cpu = cpuDevice('float64');
  let idle = false;
  const trainer = await small('bp', {}, { ...cpu, run: (calls, reads) => cpu.run(idle ? [] : calls, reads) });
  await trainer.train(3);
  idle = true;
  await expect(trainer.test()).rejects.toMatchObject({ fault: { kind: 'device-lost' } });
  await expect(trainer.train(2)).rejects.toMatchObject({ fault: { kind: 'device-lost' } });
});

test('steps across a boundary of the rates are refused', async () => {
  const trainer = await small('bp', { earlyEpochs: 0.4 });
  await expect(trainer.train(3)).rejects.toThrow('At most 2 steps at once from step 0 on.');
  expect(trainer.step).toBe(0);
  await trainer.train(2);
  await expect(trainer.train(4)).rejects.toThrow('At most 3 steps at once from step 2 on.');
  await trainer.train(3);
  expect(trainer.step).toBe(5);
});

test('only live settings of the same networks are tuned', async () => {
  const trainer = await small('bp', { replicas: 2 });
  const { experiment } = trainer;
  for (const change of [{ rule: 'fa' }, { batch: 4 }, { replicas: 3 }, { replicas: 1 }, { seed: 5 }])
    await expect(trainer.tune({ ...experiment, ...change }), JSON.stringify(change)).rejects.toThrow(/live settings/);
  expect(trainer.experiment).toBe(experiment);
  expect(await trainer.tune({ ...experiment, rate: 0.5, sparsity: 0.5 })).toBe(true);
  expect(trainer.experiment.rate).toBe(0.5);
});

test('a state of other networks, whose clock does not fit, is a start from step 0', async () => {
  const [one, three, fresh] = await Promise.all([1, 3, 3].map((replicas) => small('bp', { replicas })));
  await one.train(4);
  await three.train(2);
  three.restore(new Map([...(await fresh.snapshot()), ['clock', (await one.snapshot()).get('clock') as Numbers]]));
  expect(three.step).toBe(0);
  expect(await three.train(2)).toEqual(await fresh.train(2));
  expect(await three.snapshot()).toEqual(await fresh.snapshot());
  // Where the clock does fit it counts, whatever else does.
  one.restore(new Map([['clock', Uint32Array.of(7)]]));
  expect(one.step).toBe(7);
});

/** Another rule goes on from where a trainer stands, as in the lab. */
async function goOn(from: Trainer, rule: string, change: Partial<Experiment> = {}): Promise<Trainer> {
  const next = await small(rule, change);
  await next.takeOver(heritage(await from.snapshot(), from.network, next.network));
  return next;
}

test('mirrors warm up again after a rule that has none or where feedback is new, and not after themselves', async () => {
  const warmedUp = async (trainer: Trainer): Promise<boolean> => {
    let warmed = false;
    await trainer.warmUp(() => void (warmed = true));
    await trainer.train(1);
    return warmed;
  };
  const wm = await small('wm', { mirrorSteps: 3 });
  expect(await warmedUp(wm)).toBe(true);
  expect(await warmedUp(await goOn(wm, 'wm', { mirrorSteps: 3 }))).toBe(false);
  expect(await warmedUp(await goOn(wm, 'wm', { mirrorSteps: 3, layers: parseNetwork('7') }))).toBe(true);
  const pfa = await goOn(wm, 'pfa');
  expect(await warmedUp(pfa)).toBe(false);
  const again = await goOn(pfa, 'wm', { mirrorSteps: 3 });
  expect(again.step).toBe(2);
  expect(await warmedUp(again)).toBe(true);
});

test.each([0, 0.5])('FA goes on with the feedback that KP has learned, at sparsity %d', async (sparsity) => {
  const kp = await small('kp');
  await kp.train(3);
  const learned = (await kp.snapshot()).get('layers.1.feedback') as Numbers;
  const fa = await goOn(kp, 'fa', { sparsity });
  const feedback = async (): Promise<Numbers> => (await fa.snapshot()).get('layers.1.feedback') as Numbers;
  const cut = await feedback();
  expect(cut.some((value) => value !== 0)).toBe(true);
  expect(cut.every((value, i) => value === learned[i] || (sparsity > 0 && value === 0))).toBe(true);
  await fa.tune({ ...fa.experiment, sparsity: 0 });
  expect(await feedback()).toEqual(learned);
});

test('PFA-f goes on exactly where PFA stands', async () => {
  const settings = { layers: parseNetwork('7-6'), expansion: 2, rate: 0.05 };
  const pfa = await small('pfa', settings);
  await pfa.train(3);
  const factored = await goOn(pfa, 'pfaf', settings);
  const angles = async (trainer: Trainer): Promise<number[]> => (await trainer.align()).map(([{ angle }]) => angle);
  for (const count of [2, 5]) {
    const expected = await angles(pfa);
    (await angles(factored)).forEach((angle, k) => expect(angle).toBeCloseTo(expected[k], 5));
    const [scores, others] = [await pfa.train(count), await factored.train(count)];
    scores.forEach(({ loss }, i) => expect(others[i].loss[0]).toBeCloseTo(loss[0], 11));
  }
  const [states, others] = [await pfa.snapshot(), await factored.snapshot()];
  for (const { weight } of pfa.network.weights)
    (states.get(weight.name) as Numbers).forEach((value, i) =>
      expect(others.get(weight.name)?.[i]).toBeCloseTo(value, 11),
    );
});

test('PFA-f refuses to go on after PFA beside another run, whose velocities it would lose', async () => {
  const pfa = await small('pfa');
  await pfa.train(3);
  const experiment = { ...pfa.experiment, rule: 'pfaf' };
  const pair = new Trainer([experiment, experiment], fewImages(40));
  await pair.prepare(cpuDevice('float64'));
  const state = heritage(await pfa.snapshot(), pfa.network, pair.network);
  expect(() => pair.restore(state, pair.runs[1])).toThrow(/velocities/i);
});

test('PFA-f, which is never cut, goes on with the whole B of a PFA that was', async () => {
  const pfa = await small('pfa', { sparsity: 0.5 });
  await pfa.train(3);
  const factored = await goOn(pfa, 'pfaf', {});
  const [before, after] = [await pfa.snapshot(), await factored.snapshot()];
  expect(after.get('layers.1.B')).toEqual(before.get('layers.1.B.full'));
});

test('connections that learn lie still while they are cut', async () => {
  const pfa = await small('pfa', { sparsity: 0.5 });
  await pfa.train(3);
  for (const sparsity of [0.5, 0.8, 0]) {
    await pfa.tune({ ...pfa.experiment, sparsity });
    const state = await pfa.snapshot();
    const [R, velocity] = ['layers.1.R', 'layers.1.R.velocity'].map((name) => state.get(name) as Numbers);
    const cut = [...R.keys()].filter((i) => R[i] === 0);
    expect(cut.length).toBeGreaterThan(R.length / 3);
    expect(cut.filter((i) => velocity[i] !== 0)).toEqual([]);
  }
});

test('messages are heard while a matrix is drawn before training', async () => {
  const cpu = cpuDevice('float64');
  let heard = 0;
  const heardAt: number[] = [];
  const device: Device = {
    ...cpu,
    write(tensor, numbers, offset) {
      if (tensor.name.endsWith('.B.full')) heardAt.push(heard);
      cpu.write(tensor, numbers, offset);
    },
  };
  const ticking = setInterval(() => heard++, 0);
  await small('pfao', { layers: parseNetwork('400') }, device);
  clearInterval(ticking);
  expect(heardAt).toHaveLength(2);
  expect(heardAt[0]).toBeGreaterThan(0);
});

test('the synapses of a layer are those of the first network, and no other’s are read', async () => {
  const cpu = cpuDevice('float64');
  let read = 0;
  const device: Device = {
    ...cpu,
    async run(calls, reads) {
      const numbers = await cpu.run(calls, reads);
      read += numbers.reduce((sum, { length }) => sum + length, 0);
      return numbers;
    },
  };
  const [alone, several] = [await small('kp', {}, cpu), await small('kp', { replicas: 4 }, device)];
  read = 0;
  const synapses = await several.synapses(1);
  expect(synapses).toEqual(await alone.synapses(1));
  // Ten classes; the bias row is no synapse.
  expect(read).toBe(2 * 6 * 10);
  expect(synapses?.forward).toHaveLength(6 * 10);
});

/** A device that refuses to read more than `most` numbers at once, as a GPU does beyond its largest buffer. */
function narrow(most: () => number): Device {
  const cpu = cpuDevice('float64');
  return {
    ...cpu,
    async run(calls, reads = []) {
      const count = reads.map(headOf).reduce((sum, { length }) => sum + length, 0);
      if (count > most()) throw new FaultError('too-big', `${count} numbers are too many.`);
      return cpu.run(calls, reads);
    },
  };
}

test('the two tensors of a layer’s synapses need not fit into one buffer', async () => {
  let most = Infinity;
  const trainer = await small(
    'kp',
    {},
    narrow(() => most),
  );
  most = 6 * 10;
  expect(await trainer.synapses(1)).toEqual(await (await small('kp')).synapses(1));
});

test('a look that failed is nothing to go on from', async () => {
  let most = Infinity;
  const looker = async (device: Device): Promise<Trainer> => {
    const experiment = { ...defaultsFor('pfa'), layers: parseNetwork('6'), batch: 8, expansion: 3 };
    const trainer = new Trainer(experiment, fewImages(40), { extrapolate: true });
    await trainer.prepare(device);
    return trainer;
  };
  const [trainer, other] = [await looker(narrow(() => most)), await looker(cpuDevice('float64'))];
  most = 0;
  await expect(trainer.align()).rejects.toThrow('too many');
  most = Infinity;
  const seen = await trainer.align();
  expect(seen[1][0].angle).toBeGreaterThan(0);
  expect(seen).toEqual(await other.align());
});

test('what is compiled in the background is not compiled again by whoever needs it meanwhile', async () => {
  const cpu = cpuDevice('float64');
  const compiled: unknown[] = [];
  const device: Device = {
    ...cpu,
    async compile(dispatches) {
      compiled.push(dispatches);
      // A shader takes its time.
      await new Promise((resume) => setTimeout(resume, 5));
      return cpu.compile(dispatches);
    },
  };
  const trainer = await small('fa', {}, device);
  await Promise.all([trainer.test(), trainer.align()]);
  expect(new Set(compiled).size).toBe(compiled.length);
});
