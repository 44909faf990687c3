import type { NativeKernels } from './native/native.ts';
import type { Numbers, Tensor } from './tensor.ts';

/** Values for the `const` lines of a shader, by name: shapes, variants, tile sizes. */
export type Constants = Readonly<Record<string, number | boolean>>;

/**
 * A shader, or one for each kind of constants, and the workgroups that cover one replica. The z workgroup is the replica;
 * where a kernel cuts each replica into slices, z counts slices, those of one replica behind those of another.
 */
export interface Shader<C extends Constants> {
  readonly wgsl: string | ((constants: C) => string);
  readonly workgroups: (constants: C) => readonly [x: number, y: number, slices?: number];
  /** Values for `const` lines that the shader sets itself, and not the dispatch. */
  readonly constants?: Constants;
  /** Whether it works with any number of threads, given as its constant THREADS. */
  readonly flexible?: boolean;
}

/** How a product is cut into work (kernels/product.ts). */
export type Schedule = 'quads' | 'tiles64' | 'tiles32' | 'split';

/** An adapter's schedules (schedules.ts): one for outputs whose blocks alone keep a GPU busy, and one for smaller outputs. */
export interface Schedules {
  readonly large: Schedule;
  readonly small: Schedule;
}

/**
 * For a kernel whose rows are independent: row m of its output comes from row m of its inputs alone. A chain of such
 * kernels can be computed by one workgroup for each band of rows, without waiting for the other bands (launch.ts).
 */
export interface Bands<C extends Constants, Binding extends string> {
  /** The tensors that have such rows; the others are shared by all rows. */
  readonly along: readonly Binding[];
  /** The shader whose workgroup (x, y) computes a part of band y; null where that is too much work for so few workgroups. */
  readonly shader: (constants: C) => Shader<C> | null;
}

/**
 * A kernel, as a plain record: a WGSL file and its twin in plain loops, with the same names in both. The shader's `const`
 * lines are replaced by the constants of a dispatch; the arrays that it binds have the names in `bindings`.
 */
export interface Kernel<C extends Constants, Binding extends string> {
  readonly name: string;
  /** Which tensors it takes, outputs first, and whether it writes them. */
  readonly bindings: Readonly<Record<Binding, 'read' | 'write'>>;
  /** Its shader for these constants on an adapter with these schedules. */
  readonly shader: (constants: C, schedules: Schedules) => Shader<C>;
  readonly bands?: Bands<C, Binding>;
  /** The same computation in plain loops, on the numbers of one replica. */
  readonly twin: (numbers: Readonly<Record<Binding, Numbers>>, constants: C) => void;
  /** The same in WebAssembly (native/assembly), where that is worth it, given the addresses of one replica's numbers. */
  readonly native?: (kernels: NativeKernels, at: Readonly<Record<Binding, number>>, constants: C) => void;
}

/** One shader that serves every adapter. */
export const everywhere =
  <C extends Constants>(shader: Shader<C>): Kernel<C, string>['shader'] =>
  () =>
    shader;

/** A recorded call of a kernel. Only `dispatch` makes one, so its constants and tensors fit the kernel. */
export interface Dispatch {
  readonly kernel: Kernel<Constants, string>;
  readonly constants: Constants;
  readonly tensors: Readonly<Record<string, Tensor>>;
}

/** Records a call of a kernel. */
export function dispatch<C extends Constants, Binding extends string>(
  kernel: Kernel<C, Binding>,
  tensors: Readonly<Record<Binding, Tensor>>,
  constants: C,
): Dispatch {
  return { kernel: kernel as unknown as Kernel<Constants, string>, constants, tensors };
}

/** How many replicas a dispatch computes: the most that any of its tensors holds. A tensor with one is shared by all. */
export const replicasOf = ({ tensors }: Dispatch): number =>
  Math.max(...Object.values(tensors).map((tensor) => tensor.replicas));

/** Whether all these sizes are multiples of four, so that rows are whole vectors, which load and store faster. */
export const areFours = (sizes: readonly number[]): boolean => sizes.every((size) => size % 4 === 0);

/** The grid for `count` elements in workgroups of `width`. It is capped: threads stride over what goes beyond. */
export const workgroupsFor = (count: number, width: number): readonly [number, number] => [
  Math.min(Math.ceil(count / width), 4096),
  1,
];
