import type { NativeKernels } from './native/native.ts';
import type { Numbers, Tensor } from './tensor.ts';

/** Values for the `const` lines of a shader, by name: shapes, variants, tile sizes. */
export type Constants = Readonly<Record<string, number | boolean>>;

/**
 * A shader, or one for each kind of constants, and the workgroups that cover one replica. The replica is the z
 * workgroup; a kernel that cuts each replica into slices has its slices behind one another there.
 */
export interface Shader<C extends Constants> {
  readonly wgsl: string | ((constants: C) => string);
  readonly workgroups: (constants: C) => readonly [x: number, y: number, slices?: number];
  /** Values for `const` lines that are no business of the dispatch's. */
  readonly constants?: Constants;
  /** It works with any number of threads, which is then its constant THREADS. */
  readonly flexible?: boolean;
}

/** How a product is cut into work (kernels/product.ts). */
export type Schedule = 'quads' | 'tiles64' | 'tiles32' | 'split';

/** An adapter's schedules (schedules.ts): for outputs so large that their blocks alone fill a GPU, and for others. */
export interface Schedules {
  readonly large: Schedule;
  readonly small: Schedule;
}

/**
 * A kernel whose rows are on their own: row m of what it writes comes from row m of what it reads. Several such, one
 * behind another, can be computed by one workgroup for each band of rows, without a word to the others (launch.ts).
 */
export interface Bands<C extends Constants, Binding extends string> {
  /** The tensors that have such rows; the others are as they are for all. */
  readonly along: readonly Binding[];
  /** The shader whose workgroup (x, y) computes a part of band y; null where that is too much work for so few. */
  readonly shader: (constants: C) => Shader<C> | null;
}

/**
 * A kernel, as a plain record: a WGSL file and its plain-loop twin, with one name for a thing in both. The shader's
 * `const` lines are replaced by the constants of a dispatch; the arrays that it binds are called as in `bindings`.
 */
export interface Kernel<C extends Constants, Binding extends string> {
  readonly name: string;
  /** Which tensors it takes, outputs first, and whether it writes them. */
  readonly bindings: Readonly<Record<Binding, 'read' | 'write'>>;
  /** Its shader for these constants on an adapter of such schedules. */
  readonly shader: (constants: C, schedules: Schedules) => Shader<C>;
  readonly bands?: Bands<C, Binding>;
  /** The same computation in plain loops, on the numbers of one replica. */
  readonly twin: (numbers: Readonly<Record<Binding, Numbers>>, constants: C) => void;
  /** The same in WebAssembly (native/assembly), where that is worth it, on the addresses of one replica's float32. */
  readonly native?: (kernels: NativeKernels, at: Readonly<Record<Binding, number>>, constants: C) => void;
}

/** One shader that serves every adapter. */
export const everywhere =
  <C extends Constants>(shader: Shader<C>): Kernel<C, string>['shader'] =>
  () =>
    shader;

/** One recorded call of a kernel. Its constants and tensors fit the kernel because only `dispatch` makes one. */
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

/** How many replicas a dispatch computes: as many as any of its tensors holds; others are shared by all. */
export const replicasOf = ({ tensors }: Dispatch): number =>
  Math.max(...Object.values(tensors).map((tensor) => tensor.replicas));

/** Whether rows of these sizes are whole vectors of four, which load and store faster. */
export const areFours = (sizes: readonly number[]): boolean => sizes.every((size) => size % 4 === 0);

/** A grid of elementwise workgroups of `width`: threads stride over what a capped grid leaves. */
export const workgroupsFor = (count: number, width: number): readonly [number, number] => [
  Math.min(Math.ceil(count / width), 4096),
  1,
];
