import { fastest } from './contest.ts';
import type { Device } from './device.ts';
import { dispatch, type Dispatch, type Schedule, type Schedules } from './kernel.ts';
import { apply } from './kernels/apply.ts';
import { fill } from './kernels/fill.ts';
import { outer } from './kernels/outer.ts';
import type { Tensor } from './tensor.ts';
import { webgpuDevice, type AdapterInfo } from './webgpu.ts';

/** Texts that outlive the session. Either method may fail: there may be no space left, or no storage in a private window. */
export interface Memory {
  get(key: string): Promise<string | undefined>;
  set(key: string, text: string): Promise<void>;
}

/** What suits a GPU, going by how many threads it has, before anything is measured. */
const usual: Schedules = { large: 'tiles64', small: 'split' };
/** Barriers and shared memory are very slow on software adapters. Compiling the other schedules would cost more than they win. */
const software: Schedules = { large: 'quads', small: 'quads' };

const candidates: readonly Schedule[] = ['tiles64', 'tiles32', 'split'];

/** Change this number to discard old measurements, when the shaders or the way of measuring have changed. */
const version = 4;

/** What was measured in this session: where nothing outlives it, all its devices still compute by the same schedules. */
const measuredHere = new Map<string, Schedules>();

/**
 * The schedules of an adapter. A GPU's are measured once, on the two products that a step of the paper's network spends its
 * time in, and remembered by the adapter's name: the same seed has to give the same bits tomorrow.
 */
export async function schedulesFor(gpu: GPUDevice, info: AdapterInfo, memory: Memory): Promise<Schedules> {
  // Quads share their loads by subgroup operations, without which they do not compile.
  if (info.software) return gpu.features.has('subgroups') ? software : usual;
  const key = `schedules ${version} ${info.name}`;
  const known = parse(await memory.get(key).catch(() => undefined)) ?? measuredHere.get(key);
  if (known) return known;
  // If measuring fails, compiling the network will fail too, and give a better message.
  const measured = await measure(gpu, info).catch(() => null);
  if (!measured) return usual;
  measuredHere.set(key, measured);
  await memory.set(key, JSON.stringify(measured)).catch(() => undefined);
  return measured;
}

function parse(text: string | undefined): Schedules | null {
  const { large, small } = ((): Partial<Schedules> => {
    try {
      return JSON.parse(text ?? '{}') as Partial<Schedules>;
    } catch {
      return {};
    }
  })();
  const isCandidate = (schedule: Schedule | undefined): schedule is Schedule =>
    candidates.includes(schedule as Schedule);
  return isCandidate(large) && isCandidate(small) ? { large, small } : null;
}

async function measure(gpu: GPUDevice, info: AdapterInfo): Promise<Schedules> {
  const contenders = candidates.map((schedule) => ({
    name: schedule,
    device: webgpuDevice(gpu, info, { large: schedule, small: schedule }),
  }));
  // The first shader of all may wait for the compiler itself to be loaded.
  await warmUp(contenders[0].device);
  return {
    large: await fastest(largeProduct(), contenders, usual.large),
    small: await fastest(smallProduct(), contenders, usual.small),
  };
}

/** Compiles the least there is. */
async function warmUp(device: Device): Promise<void> {
  const value = tensor('value', 2);
  await device.allocate([value]);
  await device.compile([dispatch(fill, { value }, { N: 1, FIRST: 1, SECOND: 2 })]);
  device.free([value]);
}

const [M, inputs, outputs] = [64, 784, 512];
const tensor = (name: string, size: number): Tensor => ({ name, type: 'f32', size, replicas: 1 });

/** The first layer of the paper's network, forward. */
function smallProduct(): Dispatch {
  const [X_SIZE, V_SIZE] = [M * inputs, (inputs + 1) * outputs];
  return dispatch(
    apply,
    { z: tensor('z', M * outputs), x: tensor('x', X_SIZE), v: tensor('v', V_SIZE) },
    { M, N: outputs, K: inputs, X_SIZE, V_SIZE, BIAS: true, RELU: true },
  );
}

/** Its weight gradient and update. */
function largeProduct(): Dispatch {
  const size = (inputs + 1) * outputs;
  const x = tensor('x', M * inputs);
  const tensors = { v: tensor('v', size), velocity: tensor('velocity', size), x, e: tensor('e', M * outputs) };
  return dispatch(
    outer,
    { ...tensors, rates: tensor('rates', 4), mask: tensor('mask', 1) },
    { M, N: inputs, K: outputs, BIAS: true, MASKED: false },
  );
}
