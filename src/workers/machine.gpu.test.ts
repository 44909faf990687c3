import { expect, test, vi } from 'vitest';
import { Machine } from './machine.ts';

test('trains on what is wanted, and comes back to where it was', async () => {
  const lost = vi.fn<() => void>();
  const machine = new Machine(lost);
  expect(machine.info).toBeNull();
  const gpu = await machine.fitting(0);
  expect(machine.info).toMatchObject({ kind: 'webgpu', problem: null });
  expect(await machine.fitting(0)).toBe(gpu);

  const before = machine.place;
  machine.want('cpu');
  const cpu = await machine.fitting(0);
  expect(machine.info).toMatchObject({ kind: 'cpu', problem: null });
  machine.backTo(before);
  expect(machine.info).toMatchObject({ kind: 'webgpu' });
  expect(await machine.fitting(0)).toBe(gpu);

  machine.want('cpu');
  expect(await machine.fitting(0)).not.toBe(cpu);
  machine.leave(before);
  expect(await gpu.lost).toBeTruthy();
  machine.want('webgpu');
  const next = await machine.fitting(0);
  machine.drop();
  expect(machine.info).toBeNull();
  // What is given up by oneself is no loss.
  expect(await next.lost).toBeTruthy();
  expect(lost).not.toHaveBeenCalled();
});

test('of a lost device nothing is left, also where it was lost while another was tried', async () => {
  const lost = vi.fn<() => void>();
  const machine = new Machine(lost);
  const first = await machine.open(0);
  first.destroy();
  await first.lost;
  expect(machine.info).toBeNull();
  expect(lost).toHaveBeenCalledTimes(1);

  const second = await machine.fitting(0);
  expect(second).not.toBe(first);
  const before = machine.place;
  machine.want('cpu');
  await machine.fitting(0);
  second.destroy();
  await second.lost;
  expect(machine.info).toMatchObject({ kind: 'cpu' });
  machine.backTo(before);
  expect(machine.info).toBeNull();
  expect(lost).toHaveBeenCalledTimes(2);
});

test('a GPU that could not be had is asked for again when it is wanted again', async () => {
  const { gpu } = navigator;
  const machine = new Machine(() => undefined);
  const given = vi.spyOn(gpu, 'requestAdapter').mockResolvedValue(null);
  expect((await machine.open(0)).kind).toBe('cpu');
  expect(machine.info).toMatchObject({ problem: 'no-adapter' });
  given.mockRestore();
  // Not by itself: every build would ask.
  expect((await machine.fitting(0)).kind).toBe('cpu');
  machine.want('webgpu');
  expect((await machine.fitting(0)).kind).toBe('webgpu');
  expect(machine.info).toMatchObject({ problem: null });
  machine.drop();
});
