import { afterEach, expect, test, vi } from 'vitest';
import type { Bytes } from '../data/bytes.ts';
import { writeIdx } from '../data/idx.ts';
import type { Curves } from '../model/curves.ts';
import { parseNetwork } from '../model/network.ts';
import { fixedShareFor } from '../model/rules/mixed.ts';
import { cortex } from '../model/synapses.ts';
import { openLab, saved, settled, small, trainStraight, valueOf } from './lab-testing.ts';
import type { Frame, NamedFile, Synapses, Saved } from './protocol.ts';

/** The files of a data set of one's own: images of `side` × `side`, three classes. */
function ownFiles(side: number): NamedFile[] {
  const images = (count: number): Bytes => {
    const data = Uint8Array.from({ length: count * side ** 2 }, (_, i) => (i * 37) % 256);
    return writeIdx({ type: 'u8', shape: [count, side, side], data });
  };
  const labels = (count: number): Bytes =>
    writeIdx({ type: 'u8', shape: [count], data: Uint8Array.from({ length: count }, (_, i) => i % 3) });
  return [
    { name: 'train-images-idx3-ubyte', bytes: images(90) },
    { name: 'train-labels-idx1-ubyte', bytes: labels(90) },
    { name: 't10k-images-idx3-ubyte', bytes: images(30) },
    { name: 't10k-labels-idx1-ubyte', bytes: labels(30) },
  ];
}

const lastLoss = (frames: Frame[]): number => frames.findLast((frame) => frame.train.length > 0)?.train[1] ?? NaN;

let close: () => void = () => undefined;
afterEach(() => {
  close();
  vi.restoreAllMocks();
});

test('trains, pauses, steps, and ends bit-equal from the same seed', async () => {
  const { lab, frames, ...rest } = await openLab();
  close = rest.close;
  const states: Saved[] = [];
  for (let round = 0; round < 2; round++) {
    const { network } = valueOf(await lab.load(small('pfa', { replicas: 2 }), 'seed'));
    expect(network.stepsPerEpoch).toBe(937);
    expect(network.layers).toHaveLength(3);
    valueOf(await lab.step(30));
    const status = (await settled(frames)).at(-1)?.status;
    expect(status).toMatchObject({ phase: 'paused', step: 30, fault: null });
    states.push(await saved(lab));
  }
  expect(states[0]).toEqual(states[1]);
  const runs = new Set(frames.map((frame) => frame.run));
  expect([...runs]).toEqual([0, 1, 2]);

  valueOf(await lab.start());
  await vi.waitFor(() => expect(frames.at(-1)?.status.step).toBeGreaterThan(30), { timeout: 60_000 });
  valueOf(await lab.pause());
  const status = (await settled(frames)).at(-1)?.status;
  expect(status?.phase).toBe('paused');
  expect(status?.step).toBeGreaterThan(30);
});

test('while it prepares a network it says how many shaders are compiled', async () => {
  const { lab, frames, ...rest } = await openLab();
  close = rest.close;
  const compile = vi.spyOn(GPUDevice.prototype, 'createComputePipelineAsync');
  // As on a slow one.
  compile.mockImplementationOnce(async function (this: GPUDevice, descriptor) {
    await new Promise((resume) => setTimeout(resume, 300));
    return this.createComputePipelineAsync(descriptor);
  });
  valueOf(await lab.load(small('pfa', { layers: parseNetwork('c4k3-max2-24') }), 'seed'));
  const told = (await settled(frames)).flatMap(({ status }) => status.activity ?? []);
  const counted = told.filter(({ text }) => /^Preparing: \d+ of \d+ shaders$/.test(text));
  expect(counted.length).toBeGreaterThan(0);
  for (const { share } of counted) expect(share).toBeLessThanOrEqual(1);
});

test('live changes act on the running network; another rule goes on from the present weights', async () => {
  const { lab, frames, ...rest } = await openLab();
  close = rest.close;
  valueOf(await lab.load(small('fa'), 'seed'));
  valueOf(await lab.step(60));
  valueOf(await lab.tune({ sparsity: 0.9 }));
  valueOf(await lab.step(25));
  await settled(frames);
  const ratios = frames.flatMap((frame) => Array.from(frame.alignment)).filter((_, i) => i % 10 === 2);
  // Cutting nine of ten fixed connections leaves √0.1 of their norm.
  expect(ratios.at(-1)).toBeLessThan(0.5 * ratios[0]);

  const before = lastLoss(frames);
  valueOf(await lab.load(small('bp'), 'present'));
  valueOf(await lab.step(1));
  const status = (await settled(frames)).at(-1)?.status;
  expect(status?.step).toBe(86);
  expect(Math.abs(lastLoss(frames) - before)).toBeLessThan(1);
});

test('a network that cannot be is refused with a reason, and the one that runs stays', async () => {
  const { lab, frames, ...rest } = await openLab();
  close = rest.close;
  valueOf(await lab.load(small('bp'), 'seed'));
  const refused = await lab.load(small('pfa', { layers: parseNetwork('60000-60000'), replicas: 8 }), 'seed');
  expect(refused).toMatchObject({
    ok: false,
    fault: { kind: expect.stringMatching(/too-big|out-of-memory/) as string },
  });
  valueOf(await lab.step(3));
  expect((await settled(frames)).at(-1)?.status).toMatchObject({ phase: 'paused', step: 3 });
});

test('a learning rate that is far too large ends in a fault that says so', async () => {
  const { lab, frames, ...rest } = await openLab();
  close = rest.close;
  valueOf(await lab.load(small('bp', { rate: 10, momentum: 0.999 }), 'seed'));
  valueOf(await lab.step(400));
  expect((await settled(frames)).at(-1)?.status).toMatchObject({ phase: 'fault', fault: { kind: 'diverged' } });
});

test('a saved run goes on elsewhere as if it had never stopped', async () => {
  const { lab, frames, ...rest } = await openLab();
  close = rest.close;
  const { bytes, straight } = await trainStraight(lab);

  valueOf(await lab.load(small('bp'), 'seed'));
  const { experiment } = valueOf(await lab.resume({ name: 'run.safetensors', bytes }));
  expect(experiment).toMatchObject({ rule: 'pfa', seed: 4 });
  valueOf(await lab.step(5));
  expect((await settled(frames)).at(-1)?.status.step).toBe(15);
  expect(await saved(lab)).toEqual(straight);

  const before = await saved(lab);
  const curves = (layers: number): Curves => ({
    tables: {
      train: { width: 5, numbers: new Float32Array([15, 2, 2, 2, 0.5]) },
      test: { width: 3, numbers: new Float32Array() },
      alignment: { width: 1 + 3 * layers, numbers: new Float32Array() },
    },
    segments: [{ step: 0, rule: 'pfa', starts: { train: 0, test: 0, alignment: 0 } }],
    changes: [],
  });
  const kept = Uint8Array.from((await saved(lab, curves(3))).bytes);
  expect(valueOf(await lab.resume({ name: 'run.safetensors', bytes: kept })).curves).toEqual(curves(3));
  const others = Uint8Array.from((await saved(lab, curves(2))).bytes);
  expect(valueOf(await lab.resume({ name: 'run.safetensors', bytes: others }))).toMatchObject({
    curves: null,
    notices: [expect.stringContaining('another network')],
  });
  expect(await saved(lab)).toEqual(before);

  const damaged = await lab.resume({ name: 'run.safetensors', bytes: bytes.slice(0, 100) });
  expect(damaged).toMatchObject({ ok: false, fault: { kind: 'data' } });
});

test('what is saved while it trains is of the very step that its curves reach', async () => {
  const { lab, frames, ...rest } = await openLab();
  close = rest.close;
  valueOf(await lab.load(small('bp'), 'seed'));
  valueOf(await lab.start());
  await vi.waitFor(() => expect(frames.at(-1)?.status.step).toBeGreaterThan(30), { timeout: 60_000 });
  valueOf(await lab.copy());
  const told = frames.flatMap(({ train }) => (train.length > 0 ? [train[0]] : []));
  const { bytes, step } = valueOf(await lab.save(null));
  expect(told).toContain(step);
  expect(valueOf(await lab.resume({ name: 'run.safetensors', bytes: Uint8Array.from(bytes) })).step).toBe(step);
});

test('a data set that the visitor brings is kept, and a wrong file is refused with a reason', async () => {
  const { lab, ...rest } = await openLab();
  close = rest.close;
  const added = valueOf(await lab.addDataset(ownFiles(4)));
  expect(added).toMatchObject({ id: 'own', train: 90, test: 30, classes: 3, kept: true });

  // Another lab, as after a reload, finds it in the browser's storage.
  const later = await openLab();
  const { network } = valueOf(await later.lab.load(small('bp', { dataset: 'own', batch: 10 }), 'seed'));
  expect(network.stepsPerEpoch).toBe(9);
  valueOf(await later.lab.step(2));
  later.close();

  const refused = await lab.addDataset([{ name: 'holiday.jpg', bytes: new Uint8Array([255, 216, 255]) }]);
  expect(refused).toMatchObject({ ok: false, fault: { kind: 'data' } });
});

test('a run keeps its images when others come under their name; a new start takes those', async () => {
  const { lab, ...rest } = await openLab();
  close = rest.close;
  const experiment = small('bp', { dataset: 'own', batch: 10 });
  valueOf(await lab.addDataset(ownFiles(4)));
  valueOf(await lab.load(experiment, 'seed'));
  valueOf(await lab.step(3));
  valueOf(await lab.addDataset(ownFiles(5)));
  expect(valueOf(await lab.move('cpu')).dataset.shape).toMatchObject({ height: 4 });
  expect(valueOf(await lab.load({ ...experiment, rule: 'kp' }, 'present')).dataset.shape).toMatchObject({ height: 4 });
  expect(valueOf(await lab.load(experiment, 'seed')).dataset.shape).toMatchObject({ height: 5 });
});

test('the shares that match the cortex are found from what is measured', async () => {
  const { lab, ...rest } = await openLab();
  close = rest.close;
  const pathShare = 0.69;
  const scatterAt = async (fixedShare: number): Promise<Synapses> => {
    // So strong a decay makes the copies equal W within the few steps of a test.
    const experiment = small('mixed', { layers: parseNetwork('24'), pathShare, fixedShare, earlyDecay: 0.4 });
    valueOf(await lab.load(experiment, 'seed'));
    valueOf(await lab.step(80));
    const synapses = valueOf(await lab.synapses(0));
    if (!synapses) throw new Error('There is nothing to compare.');
    return synapses;
  };
  const { variance, pairs } = await scatterAt(0.2);
  expect(pairs).toBe(784 * 24);
  const fixedVariance = 2 / (784 + 24);
  const { correlation } = await scatterAt(fixedShareFor(cortex.correlation, pathShare, fixedVariance / variance));
  expect(Math.abs(correlation - cortex.correlation)).toBeLessThan(0.05);
});

test('a run moves to the CPU and back, and goes on where it was', async () => {
  const { lab, frames, ...rest } = await openLab();
  close = rest.close;
  const { run } = valueOf(await lab.load(small('pfa'), 'seed'));
  valueOf(await lab.step(40));
  const bytes = await saved(lab);
  const onCpu = valueOf(await lab.move('cpu'));
  expect(onCpu).toMatchObject({ run, device: { kind: 'cpu', problem: null } });
  // Nothing but the name of the device may change on the way.
  expect(await saved(lab)).toEqual(bytes);
  valueOf(await lab.step(1));
  expect(valueOf(await lab.move('webgpu'))).toMatchObject({ run, device: { kind: 'webgpu', problem: null } });
  valueOf(await lab.step(40));
  const seen = await settled(frames);
  expect(seen.at(-1)?.status).toMatchObject({ phase: 'paused', step: 81, fault: null });
  const first = seen.find((frame) => frame.train.length > 0)?.train[1] ?? NaN;
  expect(lastLoss(seen)).toBeLessThan(first);
});

test('a finished run stays finished wherever it goes', async () => {
  const { lab, frames, ...rest } = await openLab();
  close = rest.close;
  valueOf(await lab.load(small('bp', { epochs: 1, batch: 4096 }), 'seed'));
  valueOf(await lab.step(1000));
  expect((await settled(frames)).at(-1)?.status.phase).toBe('finished');
  valueOf(await lab.move('cpu'));
  expect((await settled(frames)).at(-1)?.status.phase).toBe('finished');
  valueOf(await lab.start());
  expect((await settled(frames)).at(-1)?.status.phase).toBe('finished');
});

test('a run that diverged says so on another device too', async () => {
  const { lab, frames, ...rest } = await openLab();
  close = rest.close;
  valueOf(await lab.load(small('bp', { rate: 1e30 }), 'seed'));
  valueOf(await lab.step(30));
  valueOf(await lab.move('cpu'));
  expect((await settled(frames)).at(-1)?.status).toMatchObject({ phase: 'fault', fault: { kind: 'diverged' } });
});

test('cut feedback is looked at, also while nothing trains', async () => {
  const { lab, frames, ...rest } = await openLab();
  close = rest.close;
  valueOf(await lab.load(small('pfa'), 'seed'));
  valueOf(await lab.step(7));
  valueOf(await lab.tune({ sparsity: 0.5 }));
  const steps = (await settled(frames)).flatMap(({ alignment }) =>
    Array.from(alignment).filter((_, i) => i % 10 === 0),
  );
  // A look at the end of the steps, and one after the cut.
  expect(steps.filter((step) => step === 7)).toHaveLength(2);
});
