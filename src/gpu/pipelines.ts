import { FaultError } from '../model/fault.ts';
import type { Verdicts } from './verdicts.ts';
import type { AddressSpace } from './wgsl.ts';

/** Pipelines that are kept for later networks: several times as many as a large network has. */
const mostPipelines = 500;

const bufferTypes: Readonly<Record<AddressSpace, GPUBufferBindingType>> = {
  'storage, read': 'read-only-storage',
  'storage, read_write': 'storage',
  uniform: 'uniform',
};

/** Compiles shaders, and makes the layouts of what they bind: each of them once. */
export class Pipelines {
  readonly #gpu: GPUDevice;
  readonly #verdicts: Verdicts;
  readonly #made = new Map<string, Promise<GPUComputePipeline>>();
  /** How far it is. */
  readonly shaders = { asked: 0, done: 0 };
  readonly #layouts = new Map<string, GPUBindGroupLayout>();

  constructor(gpu: GPUDevice, verdicts: Verdicts) {
    this.#gpu = gpu;
    this.#verdicts = verdicts;
  }

  /** The layout of a shader that binds buffers in these address spaces, in this order. */
  layoutOf(spaces: readonly AddressSpace[]): GPUBindGroupLayout {
    const key = spaces.join(';');
    const known = this.#layouts.get(key);
    if (known) return known;
    const layout = this.#gpu.createBindGroupLayout({
      entries: spaces.map((space, binding) => ({
        binding,
        visibility: GPUShaderStage.COMPUTE,
        buffer: { type: bufferTypes[space] },
      })),
    });
    this.#layouts.set(key, layout);
    return layout;
  }

  /** The pipeline of this code. A failed one is compiled again when it is next asked for. */
  of(code: string, label: string, layout: GPUBindGroupLayout): Promise<GPUComputePipeline> {
    const known = this.#made.get(code);
    if (known) return known;
    this.shaders.asked++;
    const made = this.#compile(code, label, layout).finally(() => this.shaders.done++);
    this.#made.set(code, made);
    made.catch(() => this.#made.delete(code));
    // Every network adds its own. Programs hold the pipelines that they need, so the oldest can go.
    for (const oldest of this.#made.keys()) {
      if (this.#made.size <= mostPipelines) break;
      this.#made.delete(oldest);
    }
    return made;
  }

  /** A failure names the line and shows the source: generated code cannot be found anywhere else. */
  async #compile(code: string, label: string, layout: GPUBindGroupLayout): Promise<GPUComputePipeline> {
    const module = this.#gpu.createShaderModule({ code, label });
    try {
      return await this.#gpu.createComputePipelineAsync({
        label,
        layout: this.#gpu.createPipelineLayout({ bindGroupLayouts: [layout] }),
        compute: { module, entryPoint: 'main' },
      });
    } catch (error) {
      // A lost device may look like a shader that does not compile.
      if ((error as GPUPipelineError).reason !== 'validation') await this.#verdicts.unlessLost();
      const { messages } = await module.getCompilationInfo();
      const lines = messages.map((m) => `${m.type} at ${m.lineNum}:${m.linePos} ${m.message}`);
      throw new FaultError('internal', `Shader ${label} does not compile.`, [String(error), ...lines, code].join('\n'));
    }
  }
}
