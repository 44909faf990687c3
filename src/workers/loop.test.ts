import { expect, test, vi } from 'vitest';
import { tinyExperiment, tinyTrainer } from '../gpu/checkpoint-testing.ts';
import { cpuDevice } from '../gpu/cpu.ts';
import { Loop } from './loop.ts';
import { Outbox } from './outbox.ts';
import { idle } from './standing.ts';

/** The steps at which a run is tested where a test takes as long as so many steps. An epoch has 40 images. */
async function testedAt(cost: number, steps: number, batch = 8): Promise<number[]> {
  const trainer = await tinyTrainer(tinyExperiment('bp', { epochs: 1000, batch }), cpuDevice());
  const loop = new Loop(trainer, new Outbox(idle, () => undefined), () => undefined);
  vi.spyOn(loop.pace, 'stepsWorth').mockImplementation((spent, share) => Math.ceil(spent / share));
  vi.spyOn(loop.pace, 'aside').mockImplementation(async (work) => [await work(), cost]);
  const at: number[] = [];
  const score = trainer.test.bind(trainer);
  vi.spyOn(trainer, 'test').mockImplementation((stopped) => {
    at.push(trainer.step);
    return score(stopped ?? (() => false));
  });
  await loop.run(steps);
  return at;
}

test('tests take a tenth of the time where an epoch is shorter than that, and then come at the end of one', async () => {
  const at = await testedAt(10, 1000);
  expect(at.length).toBeGreaterThan(8);
  expect(at.length).toBeLessThanOrEqual(12);
  expect(at.slice(1).every((step) => step % 5 === 0)).toBe(true);
});

test.each([0.1, 1.6])('where a test costs %d steps every epoch of five is tested at its end', async (cost) => {
  const at = await testedAt(cost, 100);
  expect(at).toEqual(Array.from({ length: 20 }, (_, epoch) => 5 * epoch));
});

test('no test comes shortly before that of an epoch’s end', async () => {
  // A quarter of the time is a test every 28 steps, but at step 28 the end of the first epoch is near.
  expect(await testedAt(7, 120, 1)).toEqual([0, 40, 80]);
});

/** The steps at which a run looks, where the page asks for another look while the `asking`-th is under way. */
async function lookedAt(asking: number, steps: number): Promise<number[]> {
  const trainer = await tinyTrainer(tinyExperiment('fa'), cpuDevice());
  const loop = new Loop(trainer, new Outbox(idle, () => undefined), () => undefined);
  const at: number[] = [];
  const look = trainer.align.bind(trainer);
  vi.spyOn(trainer, 'align').mockImplementation(async () => {
    const seen = await look();
    if (at.push(trainer.step) === asking) await loop.lookNow();
    return seen;
  });
  await loop.run(steps);
  return at;
}

test('a stall of the machine does not keep the next looks away', async () => {
  const trainer = await tinyTrainer(tinyExperiment('fa', { epochs: 1000 }), cpuDevice());
  const loop = new Loop(trainer, new Outbox(idle, () => undefined), () => undefined);
  const at: number[] = [];
  const look = trainer.align.bind(trainer);
  vi.spyOn(trainer, 'align').mockImplementation(() => {
    at.push(trainer.step);
    return look();
  });
  vi.spyOn(loop.pace, 'stepsWorth').mockImplementation((spent, share) => Math.ceil(spent / share));
  vi.spyOn(loop.pace, 'aside').mockImplementation(async (work) => [await work(), trainer.step === 40 ? 500 : 1]);
  await loop.run(100);
  expect(at).toEqual([0, 20, 40, 60, 80, 100]);
});

test('a look that is asked for while another is under way comes after it', async () => {
  expect(await lookedAt(1, 4)).toEqual([0, 0, 4]);
});

test('also while the run comes to rest', async () => {
  expect(await lookedAt(2, 4)).toEqual([0, 4, 4]);
});

/** A run whose page takes its time to draw, and the last step that it has been told of. */
async function watched() {
  const trainer = await tinyTrainer(tinyExperiment('bp', { epochs: 1000 }), cpuDevice());
  let told = 0;
  const outbox: Outbox = new Outbox(idle, ({ number, train }) => {
    if (train.length > 0) [told] = train;
    setTimeout(() => outbox.acknowledge(number), 5);
  });
  return { trainer, outbox, loop: new Loop(trainer, outbox, () => undefined), told: () => told };
}

test('what is done between two steps finds the page told of all steps before, and none comes meanwhile', async () => {
  const { trainer, outbox, loop, told } = await watched();
  const running = loop.run(Infinity);
  for (let time = 0; time < 3; time++) {
    await vi.waitFor(() => expect(trainer.step).toBeGreaterThan(100 * time));
    const [step, seen] = await loop.between(async () => {
      const { step } = trainer;
      await outbox.delivered();
      return [step, told()];
    });
    expect(seen).toBe(step);
  }
  await loop.pause();
  await running;
});

test('it is also done where the run ends first, and what fails in it stops nothing', async () => {
  const { trainer, loop } = await watched();
  const running = loop.run(3);
  const failing = loop.between(() => Promise.reject(new Error('No room.')));
  const paused = loop.pause();
  await expect(failing).rejects.toThrow('No room.');
  await Promise.all([running, paused]);
  expect(await loop.between(() => Promise.resolve(trainer.step))).toBe(trainer.step);
});

test('it is also done where it is asked for at the very moment at which the run has come to rest', async () => {
  const { trainer, loop } = await watched();
  for (let turns = 0; turns < 8; turns++) {
    const running = loop.run(Infinity);
    const paused = loop.pause();
    await loop.between(() => Promise.resolve());
    for (let turn = 0; turn < turns; turn++) await Promise.resolve();
    expect(await loop.between(() => Promise.resolve(trainer.step))).toBe(trainer.step);
    await Promise.all([running, paused]);
  }
});
