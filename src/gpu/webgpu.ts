import { arrange } from './arrange.ts';
import { Buffers } from './buffers.ts';
import type { Device, Program } from './device.ts';
import type { Schedules } from './kernel.ts';
import { launch, type Room } from './launch.ts';
import { refuseTooMuch } from './limits.ts';
import { Preparation, type Prepared } from './preparation.ts';
import { Staging } from './staging.ts';
import { headOf, type Head, type Numbers } from './tensor.ts';
import { Verdicts } from './verdicts.ts';

interface Compiled extends Program {
  readonly prepared: readonly Prepared[];
}

/** What the page shows of an adapter. */
export interface AdapterInfo {
  readonly name: string;
  /** Whether the arithmetic is done in software. */
  readonly software: boolean;
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
  const verdicts = new Verdicts(gpu);
  const buffers = new Buffers(gpu, verdicts);
  const preparation = new Preparation(gpu, room, buffers, verdicts);
  const staging = new Staging(gpu);
  /** Programs that have run and were found valid. */
  const tried = new WeakSet<Program>();

  return {
    kind: 'webgpu',
    ...info,
    bindableBytes: buffers.bindableBytes,
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
      const submit = (): void => {
        const encoder = gpu.createCommandEncoder();
        const pass = encoder.beginComputePass();
        for (const { program, times } of calls) encode(pass, program as Compiled, times);
        pass.end();
        let offset = 0;
        for (const { tensor, length } of target ? heads : []) {
          encoder.copyBufferToBuffer(buffers.of(tensor), 0, target as GPUBuffer, offset, 4 * length);
          offset += 4 * length;
        }
        gpu.queue.submit([encoder.finish()]);
      };
      try {
        // A program that was found valid once is not checked again: training must not wait for the verdict.
        const untried = calls.filter(({ program, times }) => times > 0 && !tried.has(program));
        if (untried.length === 0) submit();
        else await verdicts.checked(submit, 'The GPU does not run what it was given.');
        for (const { program } of untried) tried.add(program);
        // A loss may unmap a buffer before it is read.
        if (target) return await verdicts.orLost(readBack(target, heads, bytes));
        await verdicts.orLost(gpu.queue.onSubmittedWorkDone());
        return [];
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

function encode(pass: GPUComputePassEncoder, { prepared }: Compiled, times: number): void {
  for (let time = 0; time < times; time++)
    for (const { pipeline, bindings, workgroups } of prepared) {
      pass.setPipeline(pipeline);
      pass.setBindGroup(0, bindings);
      pass.dispatchWorkgroups(...workgroups);
    }
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
