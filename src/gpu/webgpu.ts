import { Ending } from '../model/ending.ts';
import { FaultError } from '../model/fault.ts';
import type { Device, Program } from './device.ts';
import { arrange } from './arrange.ts';
import type { Schedules } from './kernel.ts';
import { launch, type Launch, type Room } from './launch.ts';
import { link } from './link.ts';
import { Pipelines } from './pipelines.ts';
import { Staging } from './staging.ts';
import { assertFits, bytesOf, headOf, missing, type Head, type Numbers, type Tensor } from './tensor.ts';
import { Waker } from './waker.ts';
import type { AddressSpace } from './wgsl.ts';

/** A launch that is ready to be encoded. */
interface Prepared {
  readonly pipeline: GPUComputePipeline;
  readonly bindings: GPUBindGroup;
  readonly workgroups: readonly [number, number, number];
}

interface Compiled extends Program {
  readonly prepared: readonly Prepared[];
}

/** What is known of an adapter. */
export interface AdapterInfo {
  readonly name: string;
  /** Whether the arithmetic is done in software. */
  readonly software: boolean;
  /** Whether its browser has to be kept awake to notice that the GPU is done. */
  readonly drowsy: boolean;
}

/** Milliseconds between what a loss breaks and the word of it: Firefox takes more than 50 where a processor computes. */
const lossDelay = 1000;

/** The engine's device over a GPUDevice: in a worker, in a test page, or in Node over Dawn. */
export function webgpuDevice(gpu: GPUDevice, info: AdapterInfo, schedules: Schedules): Device {
  const memory = new Map<Tensor, GPUBuffer>();
  const staging = new Staging(gpu);
  const waker = info.drowsy ? new Waker(gpu.queue) : null;
  /** Programs that have run, and were found valid. */
  const tried = new WeakSet<Program>();
  const bindableBytes = Math.min(gpu.limits.maxStorageBufferBindingSize, gpu.limits.maxBufferSize);
  let gone: string | null = null;
  const loss = new Ending<Error>();
  const lost = gpu.lost.then(({ message, reason }) => {
    gone = message || reason;
    loss.come(new Error(gone));
    return gone;
  });

  const assertAlive = (): void => {
    if (gone !== null) throw new FaultError('device-lost', 'The GPU was lost.', gone);
  };

  const bufferOf = (tensor: Tensor): GPUBuffer => {
    const buffer = memory.get(tensor);
    if (!buffer) throw missing(tensor);
    return buffer;
  };

  /** Something has failed: the browser may say so before it tells of a loss. It gets a moment to say which of the two it was. */
  const unlessLost = async (): Promise<void> => {
    await loss.before(new Promise((resume) => setTimeout(resume, lossDelay)));
    assertAlive();
  };
  const pipelines = new Pipelines(gpu, unlessLost);

  /** Waits for `work`, or for the loss of the device, whichever comes first: a lost device may never answer. */
  const orLost = async <T>(work: Promise<T>): Promise<T> => {
    const answer = work.catch((error: Error) => error);
    const outcome = await loss.before(waker ? waker.until(answer) : answer);
    if (!(outcome instanceof Error)) return outcome;
    // A fault is what it says; anything else may be a loss.
    if (!(outcome instanceof FaultError)) await unlessLost();
    assertAlive();
    throw outcome;
  };

  /**
   * Does `work` at once, then waits for what the driver says of it. What it finds invalid it does not do, and says so only to
   * who asks: the numbers would all be zero.
   */
  const checked = async <T>(work: () => T, complaint: string): Promise<T> => {
    gpu.pushErrorScope('validation');
    let verdict: Promise<GPUError | null>;
    let done: T;
    try {
      done = work();
    } finally {
      verdict = gpu.popErrorScope();
    }
    const error = await orLost(verdict);
    if (error) throw new FaultError('internal', complaint, error.message);
    return done;
  };

  const layouts = new Map<string, GPUBindGroupLayout>();
  const layoutFor = (spaces: readonly AddressSpace[]): GPUBindGroupLayout => {
    const key = spaces.join(';');
    const known = layouts.get(key);
    if (known) return known;
    const layout = gpu.createBindGroupLayout({
      entries: spaces.map((space, binding) => ({
        binding,
        visibility: GPUShaderStage.COMPUTE,
        buffer: { type: bufferTypes[space] },
      })),
    });
    layouts.set(key, layout);
    return layout;
  };

  const room: Room = {
    schedules,
    storageBuffers: gpu.limits.maxStorageBuffersPerShaderStage,
    workgroups: gpu.limits.maxComputeWorkgroupsPerDimension,
    sharedBytes: gpu.limits.maxComputeWorkgroupStorageSize,
  };

  const prepare = async (ready: Launch): Promise<Prepared> => {
    const { wgsl, workgroups } = link(ready, room.workgroups);
    const label = ready.chains
      .flat()
      .map((unit) => unit.dispatch.kernel.name)
      .join(' + ');
    if (Math.max(...workgroups) > room.workgroups)
      throw new FaultError('too-big', `A layer is too large for one dispatch on this GPU. ${remedy}`, label);
    // A uniform has a row for each network.
    for (const { tensor, variable } of ready.slots)
      if (variable.space === 'uniform')
        refuseTooBig(tensor, gpu.limits.maxUniformBufferBindingSize, 'Take fewer seeds.');
    const layout = layoutFor(ready.slots.map(({ variable }) => variable.space));
    const pipeline = await pipelines.of(wgsl, label, layout);
    const entries = ready.slots.map(({ tensor }, binding) => ({ binding, resource: { buffer: bufferOf(tensor) } }));
    const bindings = await checked(
      () => gpu.createBindGroup({ layout, entries }),
      `The GPU does not take the tensors of ${label}.`,
    );
    return { pipeline, bindings, workgroups };
  };

  const encode = (pass: GPUComputePassEncoder, { prepared }: Compiled, times: number): void => {
    for (let time = 0; time < times; time++)
      for (const { pipeline, bindings, workgroups } of prepared) {
        pass.setPipeline(pipeline);
        pass.setBindGroup(0, bindings);
        pass.dispatchWorkgroups(...workgroups);
      }
  };

  const readBack = async (buffer: GPUBuffer, heads: readonly Head[], bytes: number): Promise<Numbers[]> => {
    await buffer.mapAsync(GPUMapMode.READ, 0, bytes);
    const mapped = buffer.getMappedRange(0, bytes);
    let offset = 0;
    return heads.map(({ tensor, length }) => {
      const copy = mapped.slice(offset, (offset += 4 * length));
      return tensor.type === 'u32' ? new Uint32Array(copy) : new Float32Array(copy);
    });
  };

  return {
    kind: 'webgpu',
    ...info,
    bindableBytes,
    lost,
    async allocate(tensors) {
      assertAlive();
      for (const tensor of tensors) refuseTooBig(tensor, bindableBytes, remedy);
      gpu.pushErrorScope('validation');
      gpu.pushErrorScope('out-of-memory');
      for (const tensor of tensors)
        memory.set(
          tensor,
          gpu.createBuffer({
            label: tensor.name,
            size: bytesOf([tensor]),
            usage: GPUBufferUsage.STORAGE | GPUBufferUsage.UNIFORM | GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST,
          }),
        );
      const errors = await orLost(Promise.all([gpu.popErrorScope(), gpu.popErrorScope()]));
      const error = errors.find((candidate) => candidate !== null);
      if (!error) return;
      this.free(tensors);
      const text = `The GPU has no room for ${sizeText(bytesOf(tensors))}. Take a smaller network, batch, expansion or fewer seeds.`;
      throw new FaultError('out-of-memory', text, error.message);
    },
    free(tensors) {
      for (const tensor of tensors) {
        memory.get(tensor)?.destroy();
        memory.delete(tensor);
      }
    },
    write(tensor, numbers, offset = 0) {
      assertAlive();
      assertFits(tensor, numbers, offset);
      const native = numbers instanceof Float64Array ? new Float32Array(numbers) : numbers;
      gpu.queue.writeBuffer(bufferOf(tensor), offset * 4, native);
    },
    async compile(dispatches): Promise<Compiled> {
      assertAlive();
      // In software a launch costs next to nothing, and a joined one takes a quarter longer to compile.
      const launches = info.software ? dispatches.map((each) => launch(each, room)) : arrange(dispatches, room);
      return { launches: launches.length, prepared: await orLost(Promise.all(launches.map(prepare))) };
    },
    async run(calls, reads = []) {
      assertAlive();
      const heads = reads.map(headOf);
      const bytes = heads.reduce((sum, { length }) => sum + 4 * length, 0);
      refuseTooMuch(bytes, gpu.limits.maxBufferSize);
      const target = bytes > 0 ? staging.take(bytes) : null;
      const submit = (): void => {
        const encoder = gpu.createCommandEncoder();
        const pass = encoder.beginComputePass();
        for (const { program, times } of calls) encode(pass, program as Compiled, times);
        pass.end();
        let offset = 0;
        for (const { tensor, length } of target ? heads : []) {
          encoder.copyBufferToBuffer(bufferOf(tensor), 0, target as GPUBuffer, offset, 4 * length);
          offset += 4 * length;
        }
        gpu.queue.submit([encoder.finish()]);
      };
      try {
        // What the driver has once found valid it is not asked about again: training must not wait for that.
        const untried = calls.filter(({ program, times }) => times > 0 && !tried.has(program));
        if (untried.length === 0) submit();
        else await checked(submit, 'The GPU does not run what it was given.');
        for (const { program } of untried) tried.add(program);
        // What was mapped may be unmapped by a loss before it is read.
        if (target) return await orLost(readBack(target, heads, bytes));
        await orLost(gpu.queue.onSubmittedWorkDone());
        return [];
      } finally {
        if (target) staging.giveBack(target);
      }
    },
    destroy() {
      for (const buffer of memory.values()) buffer.destroy();
      memory.clear();
      staging.destroy();
      gpu.destroy();
    },
  };
}

const bufferTypes: Readonly<Record<AddressSpace, GPUBufferBindingType>> = {
  'storage, read': 'read-only-storage',
  'storage, read_write': 'storage',
  uniform: 'uniform',
};

const remedy = 'Take a smaller layer, batch, expansion or fewer seeds.';

const sizeText = (bytes: number): string =>
  bytes < 2 ** 20 ? `${Math.ceil(bytes / 2 ** 10)} KiB` : `${Math.ceil(bytes / 2 ** 20)} MiB`;

function refuseTooBig(tensor: Tensor, room: number, advice: string): void {
  const bytes = bytesOf([tensor]);
  if (bytes <= room) return;
  throw new FaultError(
    'too-big',
    `${tensor.name} takes ${sizeText(bytes)}, but this GPU binds at most ${sizeText(room)} at once. ${advice}`,
  );
}

function refuseTooMuch(bytes: number, room: number): void {
  if (bytes <= room) return;
  const text = `This takes ${sizeText(bytes)} to read, but a buffer of this GPU holds at most ${sizeText(room)}. ${remedy}`;
  throw new FaultError('too-big', text);
}
