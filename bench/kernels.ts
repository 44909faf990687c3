import { stepsOfTurn } from './contest.ts';
import type { Device } from '../src/gpu/device.ts';
import { dispatch, everywhere, type Constants, type Dispatch, type Kernel } from '../src/gpu/kernel.ts';
import { apply } from '../src/gpu/kernels/apply.ts';
import { outer } from '../src/gpu/kernels/outer.ts';
import { pullback } from '../src/gpu/kernels/pullback.ts';
import type { Tensor } from '../src/gpu/tensor.ts';
import multiplyAdd from './ceiling.wgsl?raw';
import copySource from './copy.wgsl?raw';

/** What came of one kernel. */
export interface KernelRow {
  readonly name: string;
  /** The best of a dispatch. */
  readonly milliseconds: number;
  /** GFLOP/s, or GB/s of a copy. */
  readonly rate: number;
}

/** A kernel that nobody checks against a twin: it only has to keep the adapter busy. */
const ceiling = (name: string, wgsl: string, workgroups: number): Kernel<Constants, 'y' | 'x'> => ({
  name,
  bindings: { y: 'write', x: 'read' },
  shader: everywhere({ wgsl, workgroups: () => [workgroups, 1] }),
  twin: () => {},
});

/** Milliseconds that the dispatches of a turn take together, so that the submit does not count. */
const turn = 50;
const threads = 16_384;
const rounds = 512;
const copied = 2 ** 22;

interface Case {
  readonly name: string;
  /** Floating-point operations, or bytes of a copy. */
  readonly work: number;
  readonly call: Dispatch;
}

let made = 0;
const tensor = (size: number): Tensor => ({ name: `bench${made++}`, type: 'f32', size, replicas: 1 });

/** What the adapter can do at most: multiply-adds in registers, and moving bytes. */
const ceilings = (): Case[] => [
  {
    name: 'ceiling: multiply-adds in registers',
    // ceiling.wgsl: two chains of four multiply-adds on vectors of four a round.
    work: threads * rounds * 2 * 4 * 4 * 2,
    call: dispatch(ceiling('ceiling', multiplyAdd, threads / 64), { y: tensor(threads), x: tensor(threads) }, {}),
  },
  {
    name: 'ceiling: copy',
    work: 2 * 4 * copied,
    call: dispatch(ceiling('copy', copySource, copied / 4 / 64), { y: tensor(copied), x: tensor(copied) }, {}),
  },
];

const M = 64;

function applyCase(N: number, K: number): Case {
  const [xSize, vSize] = [M * K, (K + 1) * N];
  return {
    name: `apply ${M}×${K}×${N}`,
    work: 2 * M * N * K,
    call: dispatch(
      apply,
      { z: tensor(M * N), x: tensor(xSize), v: tensor(vSize) },
      { M, N, K, X_SIZE: xSize, V_SIZE: vSize, BIAS: true, RELU: true },
    ),
  };
}

function pullbackCase(N: number, K: number): Case {
  const x = tensor(M * N);
  const vSize = N * K;
  return {
    name: `pullback ${M}×${K}×${N}`,
    work: 2 * M * N * K,
    call: dispatch(
      pullback,
      { dx: tensor(M * N), e: tensor(M * K), v: tensor(vSize), x },
      { M, N, K, V_SIZE: vSize, MASK: true, ADD: false },
    ),
  };
}

function outerCase(N: number, K: number): Case {
  const [v, velocity, x] = [tensor((N + 1) * K), tensor((N + 1) * K), tensor(M * N)];
  return {
    name: `outer ${N}×${M}×${K}`,
    work: 2 * M * N * K,
    call: dispatch(
      outer,
      { v, velocity, x, e: tensor(M * K), rates: tensor(4), mask: x },
      { M, N, K, BIAS: true, MASKED: false },
    ),
  };
}

const products = (): Case[] => [
  applyCase(512, 784),
  applyCase(512, 512),
  applyCase(10, 512),
  applyCase(5120, 512),
  pullbackCase(512, 512),
  pullbackCase(512, 10),
  pullbackCase(512, 5120),
  outerCase(784, 512),
  outerCase(512, 512),
  outerCase(512, 10),
  outerCase(784, 5120),
];

/** Times every kernel in turns; the best of `turns`. */
export async function timeKernels(device: Device, turns: number): Promise<KernelRow[]> {
  const cases = [...ceilings(), ...products()];
  const timed = await Promise.all(
    cases.map(async (each) => ({ ...each, best: Infinity, run: await runOf(device, each) })),
  );
  for (let turn = 0; turn < turns; turn++) for (const each of timed) each.best = Math.min(each.best, await each.run());
  return timed.map(({ name, work, best }) => ({ name, milliseconds: best, rate: work / best / 1e6 }));
}

/** Milliseconds of one dispatch, whenever it is called. */
async function runOf(device: Device, { call }: Case): Promise<() => Promise<number>> {
  await device.allocate([...new Set(Object.values(call.tensors))]);
  const program = await device.compile([call]);
  const run = async (times: number): Promise<number> => {
    const began = performance.now();
    await device.run([{ program, times }]);
    return (performance.now() - began) / times;
  };
  const times = await stepsOfTurn({ train: (steps) => device.run([{ program, times: steps }]) }, turn);
  return () => run(times);
}
