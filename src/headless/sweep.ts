import { join, basename } from 'node:path';
import type { Dataset } from '../data/dataset.ts';
import { printExperiment } from '../model/codec.ts';
import type { Experiment, FieldKey } from '../model/experiment.ts';
import { FaultError, toFault } from '../model/fault.ts';
import { stepsPerEpoch } from '../model/schedule.ts';
import { type Changes, change, experimentOf, fieldNamed, readJson } from './experiment.ts';
import type { Flags } from './flags.ts';
import { RunFolder } from './folder.ts';
import { loadImages } from './images.ts';
import { listen } from './interruption.ts';
import { Progress } from './progress.ts';
import { run, type Ending, type RunOptions } from './run.ts';
import { readCheckpointFile } from './train.ts';

/** One run of a sweep. */
interface Planned {
  /** `rule=pfa,seed=2`: what it differs in; the name of its folder. */
  readonly name: string;
  readonly experiment: Experiment;
}

/** `sweep`: the runs of one shard, one after the other, finished ones skipped. Returns the exit status. */
export async function sweep(flags: Flags): Promise<number> {
  const [file, ...more] = flags.files;
  if (file === undefined || more.length > 0) throw new FaultError('invalid', 'sweep takes one sweep file.');
  const planned = planSweep(await readJson(file), file, flags.changes);
  const mine = planned.filter((_, i) => i % flags.shard.count === flags.shard.index);
  const out = flags.out ?? join('runs', basename(file).replace(/\.json$/, ''));
  const init = flags.init === undefined ? null : await readCheckpointFile(flags.init);
  const progress = new Progress(process.stderr, flags.quiet);
  const interruption = listen();
  const datasets = new Map<string, Dataset>();
  let failures = 0;

  for (const [i, { name, experiment }] of mine.entries()) {
    const folder = new RunFolder(join(out, name));
    const title = `${i + 1}/${mine.length} ${name}`;
    try {
      const dataset = datasets.get(experiment.dataset) ?? (await loadImages(experiment.dataset, flags.data));
      datasets.set(experiment.dataset, dataset);
      if (isFinished(folder, experiment, flags.steps, dataset)) {
        progress.say(`${title}: finished before`);
        continue;
      }
      progress.say(title);
      const options = { ...flags, dataset, folder, progress, interruption };
      const ending = await goOn(experiment, { ...options, from: init && { kind: 'init', checkpoint: init } });
      if (ending === 'diverged') progress.say(`${title}: diverged`);
    } catch (error) {
      failures++;
      console.error(`${title}: ${toFault(error).text}`);
    }
    if (interruption.status !== null) {
      console.error('Stopped; the state is saved. The same command goes on.');
      return interruption.status;
    }
  }
  interruption.release();
  progress.say(
    `Done: ${mine.length - failures} of ${mine.length} runs in ${out}. Join them with: npm run lab -- merge ${out}`,
  );
  return failures > 0 ? 1 : 0;
}

/**
 * All runs of a sweep file, in the order in which it names fields and values, the last field fastest.
 * @throws FaultError('invalid') when any of them is no experiment: better now than after a night
 */
export function planSweep(data: unknown, source: string, changes: Changes): Planned[] {
  const shape = 'A sweep is {"base": {…}, "vary": {"rule": ["bp", "pfa"], "seed": [1, 2, 3]}}.';
  if (!isRecord(data)) throw new FaultError('invalid', `${source} is no sweep. ${shape}`);
  const { base = {}, vary, ...rest } = data;
  const [unknown] = Object.keys(rest);
  if (unknown !== undefined || !isRecord(vary))
    throw new FaultError(
      'invalid',
      `${source} ${unknown ? `has an unknown “${unknown}”` : 'varies nothing'}. ${shape}`,
    );
  const start = change(experimentOf(base, `The base of ${source}`), changes);
  let combinations: [FieldKey, string][][] = [[]];
  for (const [name, values] of Object.entries(vary)) {
    if (!Array.isArray(values) || values.length === 0)
      throw new FaultError('invalid', `In ${source}, “${name}” is no list of values. ${shape}`);
    const key = fieldNamed(name);
    const texts = values.map((value: unknown) => (Array.isArray(value) ? value.join('-') : String(value)));
    if (new Set(texts).size < texts.length)
      throw new FaultError('invalid', `In ${source}, “${name}” has a value twice.`);
    combinations = combinations.flatMap((fields) =>
      texts.map((text): [FieldKey, string][] => [...fields, [key, text]]),
    );
  }
  return combinations.map((fields) => ({
    name: fields.map(([key, text]) => `${key}=${text}`).join(',') || 'base',
    experiment: change(start, new Map(fields)),
  }));
}

/** Whether the run here is done. Throws a FaultError('invalid') when it is a run of something else. */
function isFinished(folder: RunFolder, experiment: Experiment, steps: number | undefined, dataset: Dataset): boolean {
  if (!folder.used) return false;
  const { epochs, ...wanted } = printExperiment(experiment);
  const { epochs: _, ...there } = printExperiment(experimentOf(folder.experiment, folder.path));
  if (JSON.stringify(wanted) !== JSON.stringify(there))
    throw new FaultError(
      'invalid',
      `${folder.path} holds a run of another experiment. Choose another folder: --out DIR`,
    );
  const { summary } = folder;
  const total = steps ?? Number(epochs) * stepsPerEpoch(dataset.train.count, experiment.batch);
  return summary !== null && (summary.diverged || summary.step >= total);
}

/** Runs from the last checkpoint that is there, or from the start. */
async function goOn(experiment: Experiment, options: RunOptions): Promise<Ending> {
  const path = options.folder.used ? options.folder.lastCheckpoint : null;
  if (path === null) return run(experiment, options);
  const checkpoint = await readCheckpointFile(path);
  const shuffle = checkpoint.run?.shuffle ?? options.shuffle;
  return run(experiment, { ...options, shuffle, from: { kind: 'resume', checkpoint } });
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
