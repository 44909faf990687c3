import { type Bytes, FileFault, volume } from '../data/bytes.ts';
import type { Tensor as FileTensor } from '../data/safetensors.ts';
import type { Curves } from '../model/curves.ts';
import type { Experiment } from '../model/experiment.ts';
import { inMemory, printCheckpoint, type Checkpoint } from './checkpoint.ts';
import { fromReference, toReference } from './layout.ts';
import type { Parameter } from './parameter.ts';
import type { Numbers, Tensor } from './tensor.ts';
import type { Run, Trainer } from './trainer.ts';

/** The present state of all of a trainer's runs, from which their checkpoints are written. */
export async function presentState(trainer: Trainer): Promise<ReadonlyMap<string, Numbers>> {
  // Feedback that is derived from the weights is refreshed when it is next used: a look brings it up to date.
  await trainer.align();
  return trainer.snapshot();
}

export interface CheckpointOptions {
  /** The run of the trainer to write; the first unless given. */
  readonly run?: Run;
  /** The trainer's present state, if the caller has it already. */
  readonly present?: ReadonlyMap<string, Numbers>;
  /** What has been reported of the run, to be kept with it. */
  readonly curves?: Curves | null;
}

/** The whole state of a training run as a safetensors file. */
export async function writeCheckpoint(
  trainer: Trainer,
  { run = trainer.runs[0], present, curves }: CheckpointOptions = {},
): Promise<Bytes> {
  const state = present ?? (await presentState(trainer));
  const clocks = new Map(trainer.clocks.map(({ name }) => [name, (state.get(name) as Numbers)[run.first]]));
  const { shuffle } = trainer;
  return printCheckpoint(tensorsOf(trainer, run, state), { experiment: run.experiment, clocks, shuffle }, curves);
}

/**
 * Puts a run of a prepared trainer where the checkpoint's run stood. It goes on as if it had never stopped, or with other
 * live settings from there on. Runs that train together have to stand at the same step.
 * @throws FileFault when a tensor is missing, unknown or of another shape
 */
export async function resume(trainer: Trainer, checkpoint: Checkpoint, run: Run = trainer.runs[0]): Promise<void> {
  await trainer.takeOver(stateOf(trainer, checkpoint, run), run);
}

/**
 * A checkpoint as the state of a trainer's run, every tensor checked.
 * @throws FileFault when a tensor is missing, unknown or of another shape, or all together are too large for memory
 */
export function stateOf(
  trainer: Trainer,
  { name, tensors, run: saved }: Checkpoint,
  run: Run = trainer.runs[0],
): Map<string, Numbers> {
  if (!saved)
    throw fault(
      name,
      'it has no experiment in its metadata, so no run can go on from it; start one from it with --init',
    );
  const parts = new Map(
    savedSlots(trainer, saved.experiment).flatMap((slot) => partsOf(slot, run).map((part) => [part.name, part])),
  );
  for (const [key, tensor] of tensors) {
    const part = parts.get(key);
    if (!part) throw fault(name, `${key} is none of its tensors`);
    if (!same(tensor.shape, part.shape)) throw misshapen(name, part, tensor);
    parts.delete(key);
  }
  for (const part of parts.values()) throw fault(name, `${part.name} ${print(part.shape)} is missing`);
  const state = inMemory(name, () => numbersOf(trainer, run, tensors));
  for (const clock of trainer.clocks) {
    const steps = saved.clocks.get(clock.name);
    if (steps === undefined) throw fault(name, `${clock.name} is missing in its metadata`);
    state.set(clock.name, new Uint32Array(run.experiment.replicas).fill(steps));
  }
  return state;
}

/**
 * Starts a run of a prepared trainer from a file that holds some of its tensors, such as a PyTorch network's weights and
 * biases. What the file lacks stays as it was drawn, velocities are zero, and sparse feedback is cut by the run's own
 * masks. A tensor of a single network goes to every replica.
 * @returns the names that belong to other rules, or to the velocities, and were not used
 * @throws FileFault when a tensor is unknown or of another shape, or when there is none to use
 */
export async function initialise(
  trainer: Trainer,
  { name, tensors }: Checkpoint,
  run: Run = trainer.runs[0],
): Promise<string[]> {
  const present = tensorsOf(trainer, run, await trainer.snapshot());
  const { network } = trainer;
  const { replicas } = run.experiment;
  const ignored: string[] = [];
  const taken = new Map(present);
  for (const [key, tensor] of tensors) {
    const shape = key.endsWith('.velocity') ? undefined : present.get(key)?.shape;
    if (!shape) {
      const [, kind = '', index] = anyTensor.exec(key) ?? [];
      const counts: Record<string, number> = { layers: network.weights.length, norms: network.norms.length };
      if (!(Number(index) < counts[kind]))
        throw fault(name, `${key} is none of its tensors, which are ${list(present)}`);
      ignored.push(key);
      continue;
    }
    const single = replicas === 1 ? shape : shape.slice(1);
    if (same(tensor.shape, shape)) taken.set(key, tensor);
    else if (same(tensor.shape, single)) taken.set(key, { shape, data: repeat(tensor.data, replicas) });
    else throw misshapen(name, { name: key, shape: single }, tensor);
    // Otherwise the dense tensor that was drawn would replace the given one at the cut.
    if (!tensors.has(`${key}.full`)) taken.delete(`${key}.full`);
  }
  if (ignored.length === tensors.size) throw fault(name, `it has none of its tensors, which are ${list(present)}`);
  await trainer.takeOver(numbersOf(trainer, run, taken), run);
  return ignored;
}

/** The name of a tensor in any rule's checkpoint. Captures the kind of its layer and its number. */
const anyTensor = /^(layers|norms)\.(\d+)\.\w+(\.full|\.velocity)?$/;

/** One tensor of the trainer's state. */
interface Slot {
  readonly parameter: Parameter;
  readonly tensor: Tensor;
  /** What follows the parameter's name. */
  readonly suffix: '' | '.velocity' | '.full';
}

/** A slot's tensor in the file. A bias is the last row of our weight, and a tensor of its own in PyTorch. */
interface Part {
  readonly name: string;
  readonly shape: readonly number[];
}

/** The parameters, their velocities, and the dense tensors behind the sparse ones. */
const slotsOf = ({ network }: Trainer): Slot[] =>
  network.parameters.flatMap((parameter) => {
    const { value, velocity, sparse } = parameter;
    const slots: Slot[] = [{ parameter, tensor: value, suffix: '' }];
    if (velocity) slots.push({ parameter, tensor: velocity, suffix: '.velocity' });
    if (sparse?.full) slots.push({ parameter, tensor: sparse.full, suffix: '.full' });
    return slots;
  });

/** The tensors that an experiment's file holds. Where nothing is cut, the dense tensor is the parameter itself. */
const savedSlots = (trainer: Trainer, { sparsity }: Experiment): Slot[] =>
  slotsOf(trainer).filter(({ suffix }) => suffix !== '.full' || sparsity > 0);

function partsOf({ parameter, suffix }: Slot, { experiment: { replicas } }: Run): Part[] {
  const leading = replicas === 1 ? [] : [replicas];
  const weight = { name: parameter.name + suffix, shape: [...leading, ...parameter.shape] };
  if (!parameter.bias) return [weight];
  const bias = parameter.name.replace(/weight$/, 'bias');
  return [weight, { name: bias + suffix, shape: [...leading, parameter.columns] }];
}

/** A run's part of the trainer's state, in the file's names and layout. */
function tensorsOf(trainer: Trainer, run: Run, snapshot: ReadonlyMap<string, Numbers>): Map<string, FileTensor> {
  const tensors = new Map<string, FileTensor>();
  for (const slot of savedSlots(trainer, run.experiment)) {
    const { parameter, tensor } = slot;
    const numbers = snapshot.get(tensor.name) as Numbers;
    const blocks = partsOf(slot, run).map(({ name, shape }) => {
      const data = new Float32Array(volume(shape));
      tensors.set(name, { shape: [...shape], data });
      return data;
    });
    for (let replica = 0; replica < run.experiment.replicas; replica++) {
      const { weight, bias } = toReference(parameter, numbers.subarray(...range(run.first + replica, tensor.size)));
      blocks[0].set(weight, replica * weight.length);
      if (bias) blocks[1].set(bias, replica * bias.length);
    }
  }
  return tensors;
}

/** The inverse of `tensorsOf`, for tensors that have been checked. Holds the numbers of the run's networks alone. */
function numbersOf(trainer: Trainer, run: Run, tensors: ReadonlyMap<string, FileTensor>): Map<string, Numbers> {
  const { replicas } = run.experiment;
  const state = new Map<string, Numbers>();
  for (const slot of slotsOf(trainer)) {
    const { parameter, tensor } = slot;
    const blocks = partsOf(slot, run).map(({ name }) => tensors.get(name) ?? tensors.get(parameter.name));
    const numbers = new Float64Array(tensor.size * replicas);
    for (let replica = 0; replica < replicas; replica++) {
      const [weight = [], bias = null] = blocks.map((block) =>
        block?.data.subarray(...range(replica, block.data.length / replicas)),
      );
      numbers.set(fromReference(parameter, weight, bias), replica * tensor.size);
    }
    state.set(tensor.name, numbers);
  }
  return state;
}

/** Begin and end of one replica's `size` numbers. */
const range = (replica: number, size: number): [number, number] => [replica * size, (replica + 1) * size];

/** One network's numbers, repeated for every replica. */
function repeat(data: FileTensor['data'], replicas: number): FileTensor['data'] {
  const copies = new Float64Array(data.length * replicas);
  for (let replica = 0; replica < replicas; replica++) copies.set(data, replica * data.length);
  return copies;
}

const same = (a: readonly number[], b: readonly number[]): boolean => a.join() === b.join();

const print = (shape: readonly number[]): string => `(${shape.join(', ')})`;

const list = (tensors: ReadonlyMap<string, FileTensor>): string =>
  [...tensors]
    .filter(([key]) => !key.endsWith('.velocity'))
    .map(([key, { shape }]) => `${key} ${print(shape)}`)
    .join(', ');

const misshapen = (name: string, { name: key, shape }: Part, found: FileTensor): FileFault =>
  fault(name, `${key} should be ${print(shape)}, but is ${print(found.shape)}`);

const fault = (name: string, what: string): FileFault =>
  new FileFault('inconsistent', `${name} does not fit this network: ${what}.`);
