import { arrange } from './arrange.ts';
import { Buffers } from './buffers.ts';
import type { Device, Program } from './device.ts';
import type { Schedules } from './kernel.ts';
import { launch, type Room } from './launch.ts';
import { refuseTooMuch } from './limits.ts';
import { Portions } from './portions.ts';
import { Preparation, type Prepared } from './preparation.ts';
import { Staging } from './staging.ts';
import { headOf, type Head, type Numbers } from './tensor.ts';
import { Verdicts } from './verdicts.ts';

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

/** The engine's device over a GPUDevice: in a worker, in a test page, or in Node over Dawn. */
export function webgpuDevice(gpu: GPUDevice, info: AdapterInfo, schedules: Schedules): Device {
  const { limits } = gpu;
  const room: Room = {
    schedules,
    storageBuffers: limits.maxStorageBuffersPerShaderStage,
    workgroups: limits.maxComputeWorkgroupsPerDimension,
    sharedBytes: limits.maxComputeWorkgroupStorageSize,
  };
  const verdicts = new Verdicts(gpu, info.drowsy);
  const buffers = new Buffers(gpu, verdicts);
  const preparation = new Preparation(gpu, room, buffers, verdicts);
  const staging = new Staging(gpu);
  const portions = new Portions();
  /** Programs that have run, and were found valid. */
  const tried = new WeakSet<Program>();

  const submitted = (record: (encoder: GPUCommandEncoder) => void): void => {
    const encoder = gpu.createCommandEncoder();
    record(encoder);
    gpu.queue.submit([encoder.finish()]);
  };

  /** Copies what heads point to into `target`, one behind the other. */
  const copy = (encoder: GPUCommandEncoder, heads: readonly Head[], target: GPUBuffer): void => {
    let offset = 0;
    for (const { tensor, length } of heads) {
      encoder.copyBufferToBuffer(buffers.of(tensor), 0, target, offset, 4 * length);
      offset += 4 * length;
    }
  };

  return {
    kind: 'webgpu',
    ...info,
    bindableBytes: buffers.bindableBytes,
    shaders: preparation.shaders,
    lost: verdicts.lost,
    async allocate(tensors) {
      verdicts.assertAlive();
      await buffers.allocate(tensors);
    },
    free: (tensors) => buffers.free(tensors),
    write(tensor, numbers, offset = 0) {
      verdicts.assertAlive();
      buffers.write(tensor, numbers, offset);
    },
    async compile(dispatches): Promise<Compiled> {
      verdicts.assertAlive();
      // In software a launch costs next to nothing, and a joined one takes a quarter longer to compile.
      const launches = info.software ? dispatches.map((each) => launch(each, room)) : arrange(dispatches, room);
      const prepared = await verdicts.orLost(Promise.all(launches.map((each) => preparation.of(each))));
      return { launches: launches.length, prepared };
    },
    async run(calls, reads = []) {
      verdicts.assertAlive();
      const heads = reads.map(headOf);
      const bytes = heads.reduce((sum, { length }) => sum + 4 * length, 0);
      refuseTooMuch(bytes, limits.maxBufferSize);
      const target = bytes > 0 ? staging.take(bytes) : null;
      const called = calls.filter(({ times }) => times > 0);
      const programs = called.map(({ program }) => program);
      const launches = called.flatMap(({ program, times }) =>
        Array.from({ length: times }, () => (program as Compiled).prepared).flat(),
      );
      // In software there is no screen that waits.
      const portion = info.software ? Infinity : portions.of(programs);
      const submit = (): void => {
        for (let from = 0; from < launches.length; from += portion)
          submitted((encoder) => encode(encoder, launches.slice(from, from + portion)));
        if (target) submitted((encoder) => copy(encoder, heads, target));
      };
      const began = performance.now();
      try {
        // A program that was found valid once is not checked again: training must not wait for the verdict.
        const untried = programs.filter((program) => !tried.has(program));
        if (untried.length === 0) submit();
        else await verdicts.checked(submit, 'The GPU does not run what it was given.');
        for (const program of untried) tried.add(program);
        // A loss may unmap a buffer before it is read.
        const numbers = target ? readBack(target, heads, bytes) : gpu.queue.onSubmittedWorkDone().then(() => []);
        const read = await verdicts.orLost<Numbers[]>(numbers);
        if (launches.length > 0) portions.took(programs, launches.length, performance.now() - began);
        return read;
      } finally {
        if (target) staging.giveBack(target);
      }
    },
    destroy() {
      buffers.destroy();
      staging.destroy();
      gpu.destroy();
    },
  };
}

function encode(encoder: GPUCommandEncoder, launches: readonly Prepared[]): void {
  const pass = encoder.beginComputePass();
  for (const { pipeline, bindings, workgroups } of launches) {
    pass.setPipeline(pipeline);
    pass.setBindGroup(0, bindings);
    pass.dispatchWorkgroups(...workgroups);
  }
  pass.end();
}

/** Reads the numbers of heads that lie one after another from the beginning of a buffer, `bytes` in all. */
async function readBack(buffer: GPUBuffer, heads: readonly Head[], bytes: number): Promise<Numbers[]> {
  await buffer.mapAsync(GPUMapMode.READ, 0, bytes);
  const mapped = buffer.getMappedRange(0, bytes);
  let offset = 0;
  return heads.map(({ tensor, length }) => {
    const copy = mapped.slice(offset, (offset += 4 * length));
    return tensor.type === 'u32' ? new Uint32Array(copy) : new Float32Array(copy);
  });
}
