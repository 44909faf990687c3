import { FaultError } from '../model/fault.ts';
import type { Buffers } from './buffers.ts';
import type { Shaders } from './device.ts';
import type { Launch, Room } from './launch.ts';
import { refuseTooBig, remedy } from './limits.ts';
import { link } from './link.ts';
import { Pipelines } from './pipelines.ts';
import type { Verdicts } from './verdicts.ts';

/** A launch that is ready to be encoded. */
export interface Prepared {
  readonly pipeline: GPUComputePipeline;
  readonly bindings: GPUBindGroup;
  readonly workgroups: readonly [number, number, number];
}

/** Makes launches ready on a GPU: compiles their shaders and binds their tensors. */
export class Preparation {
  readonly #gpu: GPUDevice;
  readonly #room: Room;
  readonly #buffers: Buffers;
  readonly #verdicts: Verdicts;
  readonly #pipelines: Pipelines;

  constructor(gpu: GPUDevice, room: Room, buffers: Buffers, verdicts: Verdicts) {
    this.#gpu = gpu;
    this.#room = room;
    this.#buffers = buffers;
    this.#verdicts = verdicts;
    this.#pipelines = new Pipelines(gpu, verdicts);
  }

  get shaders(): Shaders {
    return this.#pipelines.shaders;
  }

  /** Throws a FaultError: 'too-big' for the GPU, 'internal' where it takes the shader or the tensors for invalid. */
  async of(launch: Launch): Promise<Prepared> {
    const gpu = this.#gpu;
    const { wgsl, workgroups } = link(launch, this.#room.workgroups);
    const label = launch.chains
      .flat()
      .map((unit) => unit.dispatch.kernel.name)
      .join(' + ');
    if (Math.max(...workgroups) > this.#room.workgroups)
      throw new FaultError('too-big', `A layer is too large for one dispatch on this GPU. ${remedy}`, label);
    // A uniform has a row for each network.
    for (const { tensor, variable } of launch.slots)
      if (variable.space === 'uniform')
        refuseTooBig(tensor, gpu.limits.maxUniformBufferBindingSize, 'Take fewer seeds.');
    const layout = this.#pipelines.layoutOf(launch.slots.map(({ variable }) => variable.space));
    const pipeline = await this.#pipelines.of(wgsl, label, layout);
    const entries = launch.slots.map(({ tensor }, binding) => ({
      binding,
      resource: { buffer: this.#buffers.of(tensor) },
    }));
    const bindings = await this.#verdicts.checked(
      () => gpu.createBindGroup({ layout, entries }),
      `The GPU does not take the tensors of ${label}.`,
    );
    return { pipeline, bindings, workgroups };
  }
}
