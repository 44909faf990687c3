import { printBytes } from '../model/bytes.ts';
import { FaultError } from '../model/fault.ts';
import { refuseTooBig } from './limits.ts';
import { assertFits, bytesOf, missing, type Numbers, type Tensor } from './tensor.ts';
import type { Verdicts } from './verdicts.ts';

/** Numbers that are handed to the browser in one piece, 16 MiB: it copies them, more than once where the GPU has a process of its own. */
const writtenAtOnce = 2 ** 22;

/** The memory of a GPU's tensors: a buffer each. */
export class Buffers {
  /** Bytes that one tensor may take. */
  readonly bindableBytes: number;
  readonly #gpu: GPUDevice;
  readonly #verdicts: Verdicts;
  readonly #buffers = new Map<Tensor, GPUBuffer>();

  constructor(gpu: GPUDevice, verdicts: Verdicts) {
    this.#gpu = gpu;
    this.#verdicts = verdicts;
    this.bindableBytes = Math.min(gpu.limits.maxStorageBufferBindingSize, gpu.limits.maxBufferSize);
  }

  /** The buffer of a tensor. Throws where it has none. */
  of(tensor: Tensor): GPUBuffer {
    const buffer = this.#buffers.get(tensor);
    if (!buffer) throw missing(tensor);
    return buffer;
  }

  /** As `Device.allocate`. */
  async allocate(tensors: readonly Tensor[]): Promise<void> {
    const gpu = this.#gpu;
    for (const tensor of tensors) refuseTooBig(tensor, this.bindableBytes);
    gpu.pushErrorScope('validation');
    gpu.pushErrorScope('out-of-memory');
    for (const tensor of tensors)
      this.#buffers.set(
        tensor,
        gpu.createBuffer({
          label: tensor.name,
          size: bytesOf([tensor]),
          usage: GPUBufferUsage.STORAGE | GPUBufferUsage.UNIFORM | GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST,
        }),
      );
    const errors = await this.#verdicts.orLost(Promise.all([gpu.popErrorScope(), gpu.popErrorScope()]));
    const error = errors.find((candidate) => candidate !== null);
    if (!error) return;
    this.free(tensors);
    const text = `The GPU has no room for ${printBytes(bytesOf(tensors))}. Take a smaller network, batch, expansion or fewer seeds.`;
    throw new FaultError('out-of-memory', text, error.message);
  }

  free(tensors: readonly Tensor[]): void {
    for (const tensor of tensors) {
      this.#buffers.get(tensor)?.destroy();
      this.#buffers.delete(tensor);
    }
  }

  /** Writes numbers from element `offset` on. */
  write(tensor: Tensor, numbers: Numbers, offset: number): void {
    assertFits(tensor, numbers, offset);
    const native = numbers instanceof Float64Array ? new Float32Array(numbers) : numbers;
    for (let from = 0; from < native.length; from += writtenAtOnce)
      this.#gpu.queue.writeBuffer(
        this.of(tensor),
        (offset + from) * 4,
        native,
        from,
        Math.min(writtenAtOnce, native.length - from),
      );
  }

  destroy(): void {
    for (const buffer of this.#buffers.values()) buffer.destroy();
    this.#buffers.clear();
  }
}
