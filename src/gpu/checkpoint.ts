import { type Bytes, FileFault } from '../data/bytes.ts';
import { putCurves, takeCurves } from '../data/curves.ts';
import { readSafetensors, type Tensor as FileTensor, type TensorFile, writeSafetensors } from '../data/safetensors.ts';
import { parseExperiment, printExperiment } from '../model/codec.ts';
import type { Curves } from '../model/curves.ts';
import type { Experiment } from '../model/experiment.ts';

/** A run as it stood when its checkpoint was written. */
export interface RunState {
  readonly experiment: Experiment;
  /** The position of the generator, which only counts: steps done, by the name of their clock. */
  readonly clocks: ReadonlyMap<string, number>;
  readonly shuffle: boolean;
}

/** A safetensors file of a network: by this program, with the run, or by another, with tensors only. */
export interface Checkpoint {
  /** The file, for messages. */
  readonly name: string;
  /** In the reference's layout; where there are several replicas, behind a leading dimension. */
  readonly tensors: ReadonlyMap<string, FileTensor>;
  readonly run: RunState | null;
  /** What was reported of the run, if that was kept with it; or why it cannot be read, which does not harm the run. */
  readonly curves: Curves | FileFault | null;
}

/** A run as a safetensors file: its tensors, the run itself as metadata, and its curves, if they are to be kept. */
export function printCheckpoint(
  tensors: ReadonlyMap<string, FileTensor>,
  { experiment, clocks, shuffle }: RunState,
  curves: Curves | null = null,
): Bytes {
  const file: TensorFile = {
    tensors: new Map(tensors),
    metadata: new Map([
      ['program', 'feedback-lab'],
      ['experiment', JSON.stringify(printExperiment(experiment))],
      ['shuffle', String(shuffle)],
      ...[...clocks].map(([name, steps]): [string, string] => [name, String(steps)]),
    ]),
  };
  if (curves) putCurves(file, curves);
  return writeSafetensors(file);
}

/**
 * Reads a checkpoint, or any safetensors file whose tensors are named like one's. `resume` and `initialise`
 * (checkpoint-state.ts) tell whether it fits a network.
 * @throws FileFault when the file is damaged, too large for memory, or its metadata are not those of a run
 */
export function readCheckpoint(name: string, bytes: Bytes): Checkpoint {
  const read = (finite: boolean) => inMemory(name, () => readSafetensors(name, bytes, { finite }));
  const file = read(false);
  // One of a run's networks may have diverged, which is no reason to lose the others. Other files have to be finite.
  if (!file.metadata.has('experiment')) return { name, tensors: read(true).tensors, run: null, curves: null };
  const curves = readCurves(name, file);
  return { name, tensors: file.tensors, run: readRun(name, file.metadata), curves };
}

function readCurves(name: string, file: TensorFile): Curves | FileFault | null {
  try {
    return takeCurves(name, file);
  } catch (thrown) {
    if (!(thrown instanceof FileFault)) throw thrown;
    return thrown;
  }
}

function readRun(name: string, metadata: ReadonlyMap<string, string>): RunState {
  const broken = (what: string): FileFault =>
    new FileFault('malformed', `${name} is not a checkpoint that can be read: ${what}. Save or copy it again.`);
  const [text = '', shuffle = ''] = ['experiment', 'shuffle'].map((key) => metadata.get(key));
  let data: unknown;
  try {
    data = JSON.parse(text);
  } catch {
    throw broken('its experiment is not JSON');
  }
  const { experiment, notices } = parseExperiment(data);
  if (notices.length > 0) throw broken(`of its experiment it says: ${notices.join(' ').replace(/\.$/, '')}`);
  if (shuffle !== 'true' && shuffle !== 'false') throw broken('its “shuffle” is neither true nor false');
  const clocks = new Map<string, number>();
  for (const [key, value] of metadata) {
    if (!/^(\w+\.)?clock$/.test(key)) continue;
    if (!/^\d{1,9}$/.test(value)) throw broken(`its ${key}, “${value.slice(0, 20)}”, is not a whole number`);
    clocks.set(key, Number(value));
  }
  return { experiment, clocks, shuffle: shuffle === 'true' };
}

/** Does something with the numbers of a file. Throws a FileFault when there is not enough memory for it. */
export function inMemory<Value>(name: string, work: () => Value): Value {
  try {
    return work();
  } catch (thrown) {
    if (!(thrown instanceof RangeError)) throw thrown;
    throw new FileFault(
      'too-large',
      `There is not enough memory for ${name} (${thrown.message}). Close other pages and programs, then open it again.`,
    );
  }
}
