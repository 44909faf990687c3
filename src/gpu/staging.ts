/** Buffers up to this size are kept for the next read, up to `mostKept` of them: training reads little, and often. */
const keptBytes = 2 ** 20;
const mostKept = 8;

/** The buffers that results are read through. Large ones, as for a copy of the whole state, are used once. */
export class Staging {
  readonly #gpu: GPUDevice;
  readonly #free: GPUBuffer[] = [];

  constructor(gpu: GPUDevice) {
    this.#gpu = gpu;
  }

  /** A buffer of at least `bytes`: the smallest that is free, or a new one. */
  take(bytes: number): GPUBuffer {
    const fitting = this.#free.filter((buffer) => buffer.size >= bytes);
    const found = fitting.toSorted((a, b) => a.size - b.size)[0];
    if (!found)
      return this.#gpu.createBuffer({ size: bytes, usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST });
    this.#free.splice(this.#free.indexOf(found), 1);
    return found;
  }

  /** Takes back a buffer that has been read, or is not going to be. */
  giveBack(buffer: GPUBuffer): void {
    buffer.unmap();
    if (buffer.size <= keptBytes && this.#free.length < mostKept) this.#free.push(buffer);
    else buffer.destroy();
  }

  destroy(): void {
    for (const buffer of this.#free) buffer.destroy();
    this.#free.length = 0;
  }
}
