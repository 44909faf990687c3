import type { Dispatch } from './kernel.ts';
import type { Head, Numbers, Tensor } from './tensor.ts';

/** A list of dispatches, compiled; run it as often as you like. */
export interface Program {
  /** What the device is given to do, one after another: dispatches that do not depend on each other may be joined. */
  readonly launches: number;
}

/**
 * What the engine needs from a machine, and all it knows of one. `webgpu.ts` is the product; `cpu.ts` runs the same
 * programs by the kernels' twins, or their WebAssembly.
 */
export interface Device {
  readonly kind: 'webgpu' | 'cpu';
  /** The adapter's name. */
  readonly name: string;
  /** Whether the arithmetic is done in software. */
  readonly software: boolean;
  /** Bytes that one tensor may take. */
  readonly bindableBytes: number;
  /** Resolves with the reason when the device is gone for good. Nothing that runs afterwards can be trusted. */
  readonly lost: Promise<string>;
  /** Takes memory for the tensors, zeroed. Throws a FaultError('too-big' | 'out-of-memory') and takes none when it cannot. */
  allocate(tensors: readonly Tensor[]): Promise<void>;
  free(tensors: readonly Tensor[]): void;
  /** Writes numbers into a tensor from element `offset` on; later runs see them. */
  write(tensor: Tensor, numbers: Numbers, offset?: number): void;
  /** Builds whatever the dispatches need, in parallel. They have their effect as if they ran in their order. */
  compile(dispatches: readonly Dispatch[]): Promise<Program>;
  /**
   * Runs programs in order, then reads tensors, or their heads. Throws a FaultError('too-big') when that is more than can be
   * read at once, and a FaultError('device-lost') when the device died on the way.
   */
  run(
    calls: readonly { readonly program: Program; readonly times: number }[],
    reads?: readonly (Tensor | Head)[],
  ): Promise<Numbers[]>;
  /** Gives everything back. */
  destroy(): void;
}
