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
  machine.drop();
  expect(machine.info).toBeNull();
  // What is given up by oneself is no loss.
  expect(lost).not.toHaveBeenCalled();
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
