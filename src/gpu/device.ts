import type { Dispatch } from './kernel.ts';
import type { Head, Numbers, Tensor } from './tensor.ts';

/** A compiled list of dispatches, which can be run any number of times. */
export interface Program {
  /** How many launches the device makes of it: dispatches that do not depend on each other may be joined into one. */
  readonly launches: number;
}

/** What the arithmetic is done by. */
export const deviceKinds = ['webgpu', 'cpu'] as const;
export type DeviceKind = (typeof deviceKinds)[number];

/** Shaders that a device was asked to compile since it was opened, and those of them that are done. */
export interface Shaders {
  readonly asked: number;
  readonly done: number;
}

/**
 * All that the engine needs of a machine, and all it knows of one. `webgpu.ts` is the product; `cpu.ts` runs the same
 * programs by the kernels' twins, or by their WebAssembly.
 */
export interface Device {
  readonly kind: DeviceKind;
  /** The adapter's name. */
  readonly name: string;
  /** Whether the arithmetic is done in software. */
  readonly software: boolean;
  /** Bytes that one tensor may take. */
  readonly bindableBytes: number;
  readonly shaders: Shaders;
  /** Resolves with the reason when the device is gone for good. Nothing that runs afterwards can be trusted. */
  readonly lost: Promise<string>;
  /** Takes memory for the tensors, zeroed. Throws a FaultError('too-big' | 'out-of-memory') and takes none when it cannot. */
  allocate(tensors: readonly Tensor[]): Promise<void>;
  free(tensors: readonly Tensor[]): void;
  /** Writes numbers into a tensor from element `offset` on; later runs see them. */
  write(tensor: Tensor, numbers: Numbers, offset?: number): void;
  /** Builds whatever the dispatches need, in parallel. Run, they have the same effect as one after another in their order. */
  compile(dispatches: readonly Dispatch[]): Promise<Program>;
  /**
   * Runs programs in order, then reads tensors, or their heads. Throws a FaultError('too-big') when they are
   * more than can be read at once, and a FaultError('device-lost') when the device is lost on the way.
   */
  run(
    calls: readonly { readonly program: Program; readonly times: number }[],
    reads?: readonly (Tensor | Head)[],
  ): Promise<Numbers[]>;
  /** Frees everything. */
  destroy(): void;
}
