import { createHash } from 'node:crypto';
import { join, basename } from 'node:path';
import type { Dataset } from '../data/dataset.ts';
import type { Checkpoint } from '../gpu/checkpoint.ts';
import { printExperiment } from '../model/codec.ts';
import type { Experiment, FieldKey } from '../model/experiment.ts';
import { FaultError, toFault } from '../model/fault.ts';
import { isRecord } from '../model/json.ts';
import { describeNetwork, withOutput } from '../model/network.ts';
import { stepsPerEpoch } from '../model/schedule.ts';
import { countNetworks, programOf } from '../model/together.ts';
import { type Changes, change, experimentOf, fieldNamed, readJson } from './experiment.ts';
import { makeFolder } from './disk.ts';
import type { Flags } from './flags.ts';
import { RunFolder } from './folder.ts';
import { loadImages } from './images.ts';
import { listen } from './interruption.ts';
import type { Job } from './lockstep.ts';
import { Progress } from './progress.ts';
import { run } from './run.ts';
import { readCheckpointFile } from './train.ts';

/** What file systems allow a folder's name; every value of a field is ASCII. */
const longestName = 255;

/** One run of a sweep. */
interface Planned {
  /** `rule=pfa,seed=2`: what it differs in; the name of its folder. */
  readonly name: string;
  readonly experiment: Experiment;
}

/** A planned run with its name and its place in the list, for messages. */
interface Task extends Planned {
  readonly title: string;
}

/** A run that is not finished. `company` is the same for all that can train together. */
interface Waiting extends Task {
  readonly folder: RunFolder;
  readonly dataset: Dataset;
  readonly shuffle: boolean;
  readonly company: string;
}

/** `sweep`: the runs of one shard, those of one program together, finished ones skipped. Returns the exit status. */
export async function sweep(flags: Flags): Promise<number> {
  const [file, ...more] = flags.files;
  if (file === undefined || more.length > 0) throw new FaultError('invalid', 'sweep takes one sweep file.');
  const planned = planSweep(await readJson(file), file, flags.changes);
  const mine = planned
    .filter((_, i) => i % flags.shard.count === flags.shard.index)
    .map((one, i, { length }) => ({ ...one, title: `${i + 1}/${length} ${one.name}` }));
  const out = flags.out ?? join('runs', basename(file).replace(/\.json$/, ''));
  const init = flags.init === undefined ? null : await readCheckpointFile(flags.init);
  makeFolder(out);
  const sweeper = new Sweeper(flags, out, init);
  const failures = await sweeper.train(mine, flags.together);
  if (sweeper.interruption.status !== null) {
    console.error('Stopped; the state is saved. The same command goes on.');
    return sweeper.interruption.status;
  }
  sweeper.interruption.release();
  sweeper.progress.say(
    `Done: ${mine.length - failures} of ${mine.length} runs in ${out}. Join them with: npm run lab -- merge ${out}`,
  );
  return failures > 0 ? 1 : 0;
}

/** Trains the runs of a sweep. */
class Sweeper {
  readonly progress: Progress;
  readonly interruption = listen();
  readonly #flags: Flags;
  readonly #out: string;
  readonly #init: Checkpoint | null;
  readonly #datasets = new Map<string, Dataset>();

  constructor(flags: Flags, out: string, init: Checkpoint | null) {
    this.#flags = flags;
    this.#out = out;
    this.#init = init;
    this.progress = new Progress(process.stderr, flags.quiet);
  }

  /** Trains runs, up to `most` networks in lock-step; how many of them failed. */
  async train(tasks: readonly Task[], most: number): Promise<number> {
    let failures = 0;
    const waiting: Waiting[] = [];
    for (const task of tasks)
      try {
        const found = await this.#find(task);
        if (found) waiting.push(found);
        else this.progress.say(`${task.title}: finished before`);
      } catch (error) {
        failures += this.#tell(task, error);
      }
    for (const group of groupsOf(waiting, most)) {
      if (this.interruption.status !== null) break;
      failures += await this.#trainGroup(group);
    }
    return failures;
  }

  async #trainGroup(group: readonly Waiting[]): Promise<number> {
    const [{ dataset, shuffle }] = group;
    const { progress, interruption } = this;
    try {
      progress.say(group.map(({ title }) => title).join('\n'));
      const jobs: Job[] = [];
      for (const { experiment, folder } of group) jobs.push({ experiment, folder, from: await this.#startOf(folder) });
      const endings = await run(jobs, { ...this.#flags, dataset, shuffle, progress, interruption });
      for (const [i, ending] of endings.entries())
        if (ending === 'diverged') progress.say(`${group[i].title}: diverged`);
      return 0;
    } catch (error) {
      if (group.length === 1) return this.#tell(group[0], error);
      const { kind, text } = toFault(error);
      // Either they are too many, or one of them is the reason and the others need not suffer for it.
      const tooMany = kind === 'too-big' || kind === 'out-of-memory';
      const most = tooMany ? Math.floor(countNetworks(group.map(({ experiment }) => experiment)) / 2) : 1;
      progress.say(`${group.length} runs together: ${text} Going on with ${tooMany ? 'fewer at once' : 'each alone'}.`);
      return this.train(group, most);
    }
  }

  #tell({ title }: Task, error: unknown): number {
    console.error(`${title}: ${toFault(error).text}`);
    return 1;
  }

  /** What is left to do of a run; null when it is finished. Throws where its network does not fit, or there is a run of something else, or a damaged one. */
  async #find(task: Task): Promise<Waiting | null> {
    const { experiment, name } = task;
    const folder = new RunFolder(join(this.#out, name));
    const dataset = await this.#images(experiment.dataset);
    // Throws where the network does not fit the images.
    describeNetwork(withOutput(experiment.layers, dataset.classes), dataset.shape);
    const total = this.#flags.steps ?? experiment.epochs * stepsPerEpoch(dataset.train.count, experiment.batch);
    if (isFinished(folder, experiment, total)) return null;
    const saved = (await checkpointIn(folder))?.run;
    const shuffle = saved?.shuffle ?? this.#flags.shuffle;
    const company = JSON.stringify([programOf(experiment), total, shuffle, [...(saved?.clocks ?? [])]]);
    return { ...task, folder, dataset, shuffle, company };
  }

  async #images(id: string): Promise<Dataset> {
    const dataset = this.#datasets.get(id) ?? (await loadImages(id, this.#flags.data));
    this.#datasets.set(id, dataset);
    return dataset;
  }

  /** The last checkpoint of a run, or what all start from. */
  async #startOf(folder: RunFolder): Promise<Job['from']> {
    const checkpoint = await checkpointIn(folder);
    if (checkpoint) return { kind: 'resume', checkpoint };
    return this.#init && { kind: 'init', checkpoint: this.#init };
  }
}

/** Runs in groups of one program that stand at one step, in their order, each of at most `most` networks or of one run. */
function groupsOf(waiting: readonly Waiting[], most: number): Waiting[][] {
  const companies = new Set(waiting.map(({ company }) => company));
  return [...companies].flatMap((name) => {
    const groups: Waiting[][] = [];
    for (const one of waiting.filter(({ company }) => company === name)) {
      const last = groups.at(-1);
      if (last && countNetworks([...last, one].map(({ experiment }) => experiment)) <= most) last.push(one);
      else groups.push([one]);
    }
    return groups;
  });
}

async function checkpointIn(folder: RunFolder): Promise<Checkpoint | null> {
  const path = folder.used ? folder.lastCheckpoint : null;
  return path === null ? null : readCheckpointFile(path);
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
  return combinations.map((fields) => ({ name: nameOf(fields), experiment: change(start, new Map(fields)) }));
}

/** A name that a folder can have, the same whenever it is asked for: of one that is too long the beginnings, and a hash of it all. */
function nameOf(fields: readonly [FieldKey, string][]): string {
  const name = printFields(fields) || 'base';
  if (name.length <= longestName) return name;
  const short = printFields(fields.map(([key, text]) => [key, text.slice(0, 24)]));
  const hash = createHash('sha256').update(name).digest('hex').slice(0, 10);
  return `${short.slice(0, longestName - hash.length - 1)}~${hash}`;
}

const printFields = (fields: readonly [FieldKey, string][]): string =>
  fields.map(([key, text]) => `${key}=${text}`).join(',');

/** Whether the run here has done `total` steps. Throws a FaultError('invalid') when it is a run of something else. */
function isFinished(folder: RunFolder, experiment: Experiment, total: number): boolean {
  if (!folder.used) return false;
  const { epochs: _, ...wanted } = printExperiment(experiment);
  const { epochs: __, ...there } = printExperiment(experimentOf(folder.experiment, folder.path));
  if (JSON.stringify(wanted) !== JSON.stringify(there))
    throw new FaultError(
      'invalid',
      `${folder.path} holds a run of another experiment. Choose another folder: --out DIR`,
    );
  const { summary } = folder;
  return summary !== null && (summary.diverged || summary.step >= total);
}
