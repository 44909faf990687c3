import { FaultError } from '../model/fault.ts';

/** Pipelines that are kept for the next network: several times those of a large one. */
const mostPipelines = 500;

/** Compiles shaders, each of them once. */
export class Pipelines {
  readonly #gpu: GPUDevice;
  readonly #unlessLost: () => Promise<void>;
  readonly #made = new Map<string, Promise<GPUComputePipeline>>();

  /** `unlessLost` throws if the device turns out to be lost, which may look like a shader that does not compile. */
  constructor(gpu: GPUDevice, unlessLost: () => Promise<void>) {
    this.#gpu = gpu;
    this.#unlessLost = unlessLost;
  }

  /** The pipeline of this code. One that failed is tried again when it is next asked for. */
  of(code: string, label: string, layout: GPUBindGroupLayout): Promise<GPUComputePipeline> {
    const known = this.#made.get(code);
    if (known) return known;
    const made = this.#compile(code, label, layout);
    this.#made.set(code, made);
    made.catch(() => this.#made.delete(code));
    // Every network has its own; a program keeps those that it needs.
    for (const oldest of this.#made.keys()) {
      if (this.#made.size <= mostPipelines) break;
      this.#made.delete(oldest);
    }
    return made;
  }

  /** A failure names the line and shows the source, which nobody can find otherwise. */
  async #compile(code: string, label: string, layout: GPUBindGroupLayout): Promise<GPUComputePipeline> {
    const module = this.#gpu.createShaderModule({ code, label });
    try {
      return await this.#gpu.createComputePipelineAsync({
        label,
        layout: this.#gpu.createPipelineLayout({ bindGroupLayouts: [layout] }),
        compute: { module, entryPoint: 'main' },
      });
    } catch (error) {
      if ((error as GPUPipelineError).reason !== 'validation') await this.#unlessLost();
      const { messages } = await module.getCompilationInfo();
      const lines = messages.map((m) => `${m.type} at ${m.lineNum}:${m.linePos} ${m.message}`);
      throw new FaultError('internal', `Shader ${label} does not compile.`, [String(error), ...lines, code].join('\n'));
    }
  }
}
