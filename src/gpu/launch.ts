import { replicasOf, type Constants, type Dispatch, type Schedules, type Shader } from './kernel.ts';
import type { Tensor } from './tensor.ts';
import { outline, specialise, type Outline, type Variable } from './wgsl.ts';

/** A dispatch and the shader that an adapter computes it with. */
export interface Unit {
  readonly dispatch: Dispatch;
  readonly shader: Shader<Constants>;
  readonly wgsl: string;
  readonly outline: Outline;
  readonly grid: readonly [x: number, y: number, z: number];
}

/** Dispatches one after another: each needs what the one before it has written, and only for the same rows. */
export type Chain = readonly Unit[];

/** A tensor, and the variable that a launch binds it to. */
export interface Slot {
  readonly tensor: Tensor;
  readonly variable: Variable;
}

/** An adapter's limits for one launch, and its schedules of products. */
export interface Room {
  readonly schedules: Schedules;
  readonly storageBuffers: number;
  /** Along one dimension of the grid. */
  readonly workgroups: number;
  /** Bytes of memory that the threads of a workgroup share. */
  readonly sharedBytes: number;
}

/**
 * Dispatches that go to the GPU as one: independent chains, side by side in one grid. The time of a small network's step
 * depends mostly on the number of its launches, and little on what they compute.
 */
export interface Launch {
  readonly chains: readonly Chain[];
  readonly slots: readonly Slot[];
}

/** A launch of one dispatch. */
export function launch(dispatch: Dispatch, { schedules }: Room): Launch {
  const { kernel, constants } = dispatch;
  return launchOf([[unitOf(dispatch, kernel.shader(constants, schedules))]]);
}

/** Both launches as one, side by side; null where the adapter's limits forbid it, or both touch what one of them writes. */
export function beside(present: Launch, added: Launch, room: Room): Launch | null {
  return ifFits(launchOf([...present.chains, ...added.chains]), room);
}

/**
 * The launch with the dispatch added to the end of a chain: the workgroups that computed some rows go on with the same
 * rows. `makers` are the dispatches of this launch that it has to wait for. Null where that is impossible.
 */
export function behind(present: Launch, makers: ReadonlySet<Dispatch>, dispatch: Dispatch, room: Room): Launch | null {
  const chain = present.chains.find((units) => units.some((unit) => makers.has(unit.dispatch)));
  if (!chain || chain.filter((unit) => makers.has(unit.dispatch)).length < makers.size) return null;
  const longer = [...chain.map((unit) => unit.dispatch), dispatch].map(bandOf);
  if (!longer.every((unit) => unit !== null) || !keepsToBands(longer)) return null;
  return ifFits(launchOf(present.chains.map((each) => (each === chain ? longer : each))), room);
}

/** A shader that needs the number of z workgroups declares this constant. */
const asksForSlices = /^const SLICES: u32/m;

function unitOf(dispatch: Dispatch, shader: Shader<Constants>): Unit {
  const { constants } = dispatch;
  const source = typeof shader.wgsl === 'string' ? shader.wgsl : shader.wgsl(constants);
  const [x, y, slices = 1] = shader.workgroups(constants);
  const z = slices * replicasOf(dispatch);
  const wgsl = specialise(source, {
    ...constants,
    ...shader.constants,
    ...(asksForSlices.test(source) && { SLICES: z }),
  });
  const own = outline(wgsl);
  const strange = own.variables.find(({ name }) => !dispatch.tensors[name]);
  if (strange) throw new Error(`The shader of ${dispatch.kernel.name} binds ${strange.name}, which it does not have.`);
  return { dispatch, shader, wgsl, outline: own, grid: [x, y, z] };
}

function bandOf(dispatch: Dispatch): Unit | null {
  const shader = dispatch.kernel.bands?.shader(dispatch.constants);
  return shader ? unitOf(dispatch, shader) : null;
}

/** Whether all units have the same bands, and every tensor that one writes and another uses is split along them. */
function keepsToBands(units: Chain): boolean {
  const [, bands, replicas] = units[0].grid;
  if (units.some(({ grid }) => grid[1] !== bands || grid[2] !== replicas)) return false;
  const uses = units.flatMap(({ dispatch: { kernel, tensors } }) =>
    Object.entries(kernel.bindings).map(([name, access]) => ({
      tensor: tensors[name],
      written: access === 'write',
      along: kernel.bands?.along.includes(name) ?? false,
    })),
  );
  return uses.every(({ tensor, along }) => along || !uses.some((use) => use.tensor === tensor && use.written));
}

function launchOf(chains: readonly Chain[]): Launch {
  const units = chains.flat();
  const wanted = units.flatMap(({ dispatch, outline: { variables } }) =>
    variables.map((variable): Slot => ({ tensor: dispatch.tensors[variable.name], variable })),
  );
  // A single shader keeps its own bindings. Of several, those that agree on a tensor share one binding.
  if (units.length === 1) return { chains, slots: wanted };
  const slots: Slot[] = [];
  for (const slot of wanted) {
    const at = slots.findIndex((present) => serves(present, slot));
    if (at < 0) slots.push(slot);
    else if (slot.variable.space === 'storage, read_write') slots[at] = slot;
  }
  return { chains, slots };
}

/** Whether one binding can serve both slots; whether they write does not count here. */
export const serves = (slot: Slot, other: Slot): boolean =>
  slot.tensor === other.tensor &&
  slot.variable.element === other.variable.element &&
  (slot.variable.space === 'uniform') === (other.variable.space === 'uniform');

const bytesOfVector = 16;

function ifFits(joined: Launch, { storageBuffers, workgroups, sharedBytes }: Room): Launch | null {
  const { chains, slots } = joined;
  const units = chains.flat();
  const outlines = units.map((unit) => unit.outline);
  const sizes = new Set(units.filter(({ shader }) => !shader.flexible).map((unit) => unit.outline.threads));
  const written = slots.filter(({ variable }) => variable.space === 'storage, read_write').map(({ tensor }) => tensor);
  const fits =
    outlines.every(({ linkable }) => linkable) &&
    sizes.size <= 1 &&
    chains.reduce((sum, chain) => sum + workgroupsOf(chain), 0) <= workgroups &&
    slots.filter(({ variable }) => variable.space !== 'uniform').length <= storageBuffers &&
    Math.max(...outlines.map(({ scratch }) => scratch)) * bytesOfVector <= sharedBytes &&
    // WebGPU forbids a second binding of a tensor that is written.
    written.every((tensor) => slots.filter((slot) => slot.tensor === tensor).length === 1);
  return fits ? joined : null;
}

/** Workgroups of a chain: one for each band, or as many as its only dispatch has. */
export const workgroupsOf = (chain: Chain): number => {
  const [x, y, z] = chain[0].grid;
  return (chain.length > 1 ? 1 : x) * y * z;
};
