import { dispatch, type Dispatch, type Schedule, type Schedules } from './kernel.ts';
import { apply } from './kernels/apply.ts';
import { outer } from './kernels/outer.ts';
import type { Tensor } from './tensor.ts';
import { webgpuDevice, type AdapterInfo } from './webgpu.ts';

/** Texts that outlive the session. Either may fail: the browser may have no room, or a private window no storage. */
export interface Memory {
  get(key: string): Promise<string | undefined>;
  set(key: string, text: string): Promise<void>;
}

/** What is right for a GPU by its numbers of threads, before anything is measured. */
const usual: Schedules = { large: 'tiles64', small: 'split' };
/** On software adapters barriers and shared memory are poison; compiling the others would take longer than they could win. */
const software: Schedules = { large: 'quads', small: 'quads' };

const candidates: readonly Schedule[] = ['tiles64', 'tiles32', 'split'];

/** Another number forgets what was measured: for when the shaders have changed. */
const version = 2;

/**
 * The schedules of an adapter. A GPU's are measured once, on the two products that a step of the paper's network spends its
 * time in, and remembered by the adapter's name: the same seed has to give the same bits tomorrow.
 */
export async function schedulesFor(gpu: GPUDevice, info: AdapterInfo, memory: Memory): Promise<Schedules> {
  // Quads share their loads; without subgroups that would not compile.
  if (info.software) return gpu.features.has('subgroups') ? software : usual;
  const key = `schedules ${version} ${info.name}`;
  const known = parse(await memory.get(key).catch(() => undefined));
  if (known) return known;
  // A GPU that cannot even be measured says more about itself when the network is compiled for it.
  const measured = await measure(gpu, info).catch(() => null);
  if (!measured) return usual;
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

/** How long a turn of each takes, in milliseconds: so many dispatches that the submit itself does not count. */
const turn = 3;
const mostDispatches = 100;
const rounds = 4;

async function measure(gpu: GPUDevice, info: AdapterInfo): Promise<Schedules> {
  const contenders = candidates.map((schedule) => ({
    schedule,
    device: webgpuDevice(gpu, info, { large: schedule, small: schedule }),
  }));
  const fastestOf = async (call: Dispatch): Promise<Schedule> => {
    const tensors = Object.values(call.tensors);
    const ready = await Promise.all(
      contenders.map(async ({ schedule, device }) => {
        await device.allocate(tensors);
        const program = await device.compile([call]);
        const time = async (times: number): Promise<number> => {
          const began = performance.now();
          await device.run([{ program, times }]);
          return (performance.now() - began) / times;
        };
        return { schedule, device, time };
      }),
    );
    const best = new Map<Schedule, number>();
    for (const { schedule, time } of ready) {
      await time(1); // The first run is slower than any other.
      const times = Math.max(1, Math.min(mostDispatches, Math.floor(turn / (await time(1)))));
      for (let round = 0; round < rounds; round++)
        best.set(schedule, Math.min(best.get(schedule) ?? Infinity, await time(times)));
    }
    for (const { device } of ready) device.free(tensors);
    return [...best].reduce((fastest, each) => (each[1] < fastest[1] ? each : fastest))[0];
  };
  return { large: await fastestOf(largeProduct()), small: await fastestOf(smallProduct()) };
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
