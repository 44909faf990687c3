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
}

/** How a product is cut into work (kernels/product.ts). */
export type Schedule = 'quads' | 'tiles64' | 'tiles32' | 'split';

/** An adapter's schedules (schedules.ts): for outputs so large that their blocks alone fill a GPU, and for others. */
export interface Schedules {
  readonly large: Schedule;
  readonly small: Schedule;
}

/**
 * A kernel, as a plain record: a WGSL file and its plain-loop twin, with one name for a thing in both. The shader's
 * `const` lines are replaced by the constants of a dispatch; binding i is the i-th name of `bindings`.
 */
export interface Kernel<C extends Constants, Binding extends string> {
  readonly name: string;
  /** Which tensors it takes, outputs first, and whether it writes them. */
  readonly bindings: Readonly<Record<Binding, 'read' | 'write'>>;
  /** Its shader for these constants on an adapter of such schedules. */
  readonly shader: (constants: C, schedules: Schedules) => Shader<C>;
  /** The same computation in plain loops, on the numbers of one replica. */
  readonly twin: (numbers: Readonly<Record<Binding, Numbers>>, constants: C) => void;
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

/** How many replicas a dispatch computes: as many as its outputs hold. */
export const replicasOf = ({ tensors }: Dispatch): number =>
  Math.max(...Object.values(tensors).map((tensor) => tensor.replicas));

/** A grid of elementwise workgroups of `width`: threads stride over what a capped grid leaves. */
export const workgroupsFor = (count: number, width: number): readonly [number, number] => [
  Math.min(Math.ceil(count / width), 4096),
  1,
];

const constLine = /^const (\w+): (u32|f32|bool) = [^;]+;/gm;

/** The WGSL with its `const` lines set. Throws when a constant has no line: a misspelt one would silently do nothing. */
export function specialise(wgsl: string, constants: Constants): string {
  const left = new Set(Object.keys(constants));
  const text = wgsl.replace(constLine, (line, name: string, type: string) => {
    const value = constants[name];
    if (value === undefined) return line;
    left.delete(name);
    return `const ${name}: ${type} = ${literal(value, type)};`;
  });
  if (left.size > 0) throw new Error(`The shader has no const line for ${[...left].join(', ')}.`);
  return text;
}

function literal(value: number | boolean, type: string): string {
  if (type !== 'f32') return type === 'u32' ? `${Number(value)}u` : String(value);
  // WGSL has no literal for what is not finite, and -0 or 1e21 would print as something else.
  if (!Number.isFinite(value)) throw new Error(`${value} cannot be a shader constant.`);
  return `${Math.fround(Number(value)).toExponential()}f`;
}

const boundArray = /@binding\((\d+)\) (var<storage, \w+> \w+): array<(\w+)>;/g;

/** How many numbers an element of a bound array has. */
const widths: Readonly<Record<string, number>> = { f32: 1, u32: 1, vec2f: 2, vec4f: 4, mat4x4f: 16 };

/**
 * The WGSL with the length of every bound array written into its type. The clamp that a browser puts on every index is then
 * one with a constant, which makes the products 6 % faster on SwiftShader and plain copies half as fast again.
 */
export function sized(wgsl: string, tensorAt: (binding: number) => Tensor): string {
  return wgsl.replace(boundArray, (_, binding: string, variable: string, element: string) => {
    const { size, replicas } = tensorAt(Number(binding));
    return `@binding(${binding}) ${variable}: array<${element}, ${Math.floor((size * replicas) / widths[element])}>;`;
  });
}
