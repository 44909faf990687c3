import { afterEach, expect, test, vi } from 'vitest';
import { watchGpus } from '../gpu/testing.ts';
import { Trainer } from '../gpu/trainer.ts';
import { FaultError } from '../model/fault.ts';
import type { Lab } from './lab.ts';
import { openLab, saved, settled, small, trainStraight, valueOf } from './lab-testing.ts';
import { Loop } from './loop.ts';
import type { Frame } from './protocol.ts';

let close: () => void = () => undefined;
afterEach(() => {
  close();
  vi.restoreAllMocks();
});

/** Until the lab has said so often that it got its GPU back. */
const regained = (frames: Frame[], times: number): Promise<void> =>
  vi.waitFor(
    () =>
      expect(frames.flatMap(({ notices }) => notices).filter((text) => /found again/.test(text))).toHaveLength(times),
    { timeout: 60_000 },
  );

/** From now on, tells when the lab has copied a run that came to rest at a step, as it does after a while. */
function watchCopies(): (step: number) => Promise<void> {
  const { mock } = vi.spyOn(Loop.prototype, 'save');
  const copiedSteps = (): number[] => (mock.contexts as readonly Loop[]).map((loop) => loop.snapshotStep);
  return (step) => vi.waitFor(() => expect(copiedSteps()).toContain(step), { timeout: 60_000 });
}

/** A run that rests at step 7, of which there is a copy. */
async function restAtSeven(lab: Lab): Promise<void> {
  valueOf(await lab.load(small('bp'), 'seed'));
  const copied = watchCopies();
  valueOf(await lab.step(7));
  await copied(7);
}

test('a GPU that is lost while nothing trains costs no step, however often', async () => {
  const gpus = watchGpus();
  const { lab, frames, ...rest } = await openLab();
  close = rest.close;
  const { bytes, straight } = await trainStraight(lab);

  valueOf(await lab.resume({ name: 'run.safetensors', bytes }));
  for (const times of [1, 2]) {
    await gpus.lose();
    await regained(frames, times);
    expect((await settled(frames)).at(-1)?.status).toMatchObject({ phase: 'paused', step: 10, fault: null });
  }
  const copied = watchCopies();
  valueOf(await lab.step(5));
  expect(await saved(lab)).toEqual(straight);
  await copied(15);
  await gpus.lose();
  await regained(frames, 3);
  expect((await settled(frames)).at(-1)?.status).toMatchObject({ phase: 'paused', step: 15 });
});

test('feedback that was cut after the last copy is cut again', async () => {
  const gpus = watchGpus();
  const { lab, frames, ...rest } = await openLab();
  close = rest.close;
  valueOf(await lab.load(small('pfa'), 'seed'));
  const copied = watchCopies();
  valueOf(await lab.step(5));
  await copied(5);
  valueOf(await lab.tune({ sparsity: 0.9 }));
  const state = await saved(lab);
  await gpus.lose();
  await regained(frames, 1);
  expect(await saved(lab)).toEqual(state);
});

test('a GPU that is lost as a file is opened takes back neither the run nor, later, a cut', async () => {
  const gpus = watchGpus();
  const { lab, frames, ...rest } = await openLab();
  close = rest.close;
  const { bytes } = await trainStraight(lab);
  const losing = () =>
    vi.spyOn(Trainer.prototype, 'align').mockImplementationOnce(async () => {
      await gpus.lose();
      throw new FaultError('device-lost', 'Gone.');
    });
  losing();
  expect(valueOf(await lab.resume({ name: 'run.safetensors', bytes })).experiment.rule).toBe('pfa');
  await regained(frames, 1);
  expect((await settled(frames)).at(-1)?.status).toMatchObject({ phase: 'paused', step: 10, fault: null });
  losing();
  valueOf(await lab.tune({ sparsity: 0.9 }));
  await regained(frames, 2);
  expect((await settled(frames)).at(-1)?.status).toMatchObject({ phase: 'paused', step: 10, fault: null });
});

test('a run whose GPU does not come back goes on from its copy on the CPU', async () => {
  const gpus = watchGpus();
  const { lab, frames, ...rest } = await openLab();
  close = rest.close;
  await restAtSeven(lab);
  vi.spyOn(navigator.gpu, 'requestAdapter').mockRejectedValue(new Error('No more.'));
  await gpus.lose();
  await vi.waitFor(() => expect(frames.at(-1)?.status.phase).toBe('fault'), { timeout: 60_000 });
  expect(valueOf(await lab.move('cpu'))).toMatchObject({ step: 7, device: { kind: 'cpu' } });
  valueOf(await lab.step(3));
  expect((await settled(frames)).at(-1)?.status).toMatchObject({ phase: 'paused', step: 10, fault: null });
});

test('a browser that has no GPU for a moment after a loss is asked again; the CPU goes on only if it has none in the end', async () => {
  const gpus = watchGpus();
  const { lab, frames, ...rest } = await openLab();
  close = rest.close;
  await restAtSeven(lab);
  // Twice for one try: with a wish for speed, and without.
  const asked = vi.spyOn(navigator.gpu, 'requestAdapter').mockResolvedValueOnce(null).mockResolvedValueOnce(null);
  await gpus.lose();
  await regained(frames, 1);
  expect((await settled(frames)).at(-1)?.status).toMatchObject({ step: 7, fault: null, device: { kind: 'webgpu' } });
  asked.mockResolvedValue(null);
  await gpus.lose();
  await vi.waitFor(() => expect(frames.at(-1)?.status.device?.kind).toBe('cpu'), { timeout: 60_000 });
  expect((await settled(frames)).at(-1)?.status).toMatchObject({ step: 7, fault: null, phase: 'paused' });
});

test('a run that is lost as it is paused stays paused, and no curve runs backwards', async () => {
  const gpus = watchGpus();
  const { lab, frames, ...rest } = await openLab();
  close = rest.close;
  valueOf(await lab.load(small('bp'), 'seed'));
  valueOf(await lab.start());
  await vi.waitFor(() => expect(frames.at(-1)?.status.step).toBeGreaterThan(30), { timeout: 60_000 });
  await gpus.lose();
  valueOf(await lab.pause());
  await regained(frames, 1);
  // Its only copy is the one of step 0.
  expect((await settled(frames)).at(-1)?.status).toMatchObject({ phase: 'ready', step: 0 });
  valueOf(await lab.step(60));
  expect((await settled(frames)).map(({ back }) => back)).toContain(0);
  let steps: number[] = [];
  for (const { back, train } of frames)
    steps = [...steps.filter((step) => back === null || step <= back), ...(train.length > 0 ? [train[0]] : [])];
  expect(steps).toEqual(steps.toSorted((a, b) => a - b));
  expect(steps.at(-1)).toBe(60);
});

test('a GPU that is lost at every step is given up, and said to be', async () => {
  const gpus = watchGpus();
  const { lab, frames, ...rest } = await openLab();
  close = rest.close;
  valueOf(await lab.load(small('bp'), 'seed'));
  const train = vi.spyOn(Trainer.prototype, 'train').mockImplementation(async () => {
    await gpus.lose();
    throw new FaultError('device-lost', 'Gone.');
  });
  valueOf(await lab.step(1));
  train.mockRestore();
  await regained(frames, 3);
  expect((await settled(frames)).at(-1)?.status).toMatchObject({ phase: 'fault', fault: { kind: 'device-lost' } });
});

test('after a loss that nobody waited for, a reset finds another GPU', async () => {
  const gpus = watchGpus();
  const { lab, frames, ...rest } = await openLab();
  close = rest.close;
  valueOf(await lab.load(small('bp', { rate: 1e30 }), 'seed'));
  valueOf(await lab.step(30));
  expect((await settled(frames)).at(-1)?.status.phase).toBe('fault');
  await gpus.lose();
  await settled(frames);
  valueOf(await lab.load(small('bp'), 'seed'));
  valueOf(await lab.step(2));
  expect((await settled(frames)).at(-1)?.status).toMatchObject({ phase: 'paused', step: 2, fault: null });
});
