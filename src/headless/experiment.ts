import { readFile } from 'node:fs/promises';
import { parseExperiment, parseField } from '../model/codec.ts';
import type { Experiment, FieldKey } from '../model/experiment.ts';
import { defaultExperiment, fieldKeys } from '../model/fields.ts';
import { FaultError } from '../model/fault.ts';
import { adapt } from '../model/presets.ts';

/** New values for fields, as text. */
export type Changes = ReadonlyMap<FieldKey, string>;

/** The experiment of a file that the page exported or somebody wrote; without one, the page's own default. */
export async function readExperiment(path: string | undefined): Promise<Experiment> {
  return path === undefined ? defaultExperiment : experimentOf(await readJson(path), path);
}

/** Reads a file of JSON. Throws a FaultError('invalid') that names the file. */
export async function readJson(path: string): Promise<unknown> {
  const text = await readFile(path, 'utf8').catch((error: Error) => {
    throw new FaultError('invalid', `${path} cannot be read: ${error.message}.`);
  });
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new FaultError('invalid', `${path} is not JSON: ${(error as Error).message}.`);
  }
}

/** Data as an experiment. What the page would replace with a notice is refused: nobody reads notices of a cluster's job. */
export function experimentOf(data: unknown, source: string): Experiment {
  const { experiment, notices } = parseExperiment(data);
  if (notices.length > 0) throw new FaultError('invalid', [`${source} is no valid experiment.`, ...notices].join('\n'));
  return experiment;
}

/** An experiment with changed fields. Settings that stood at what was recommended follow a new rule and a new network. */
export function change(experiment: Experiment, changes: Changes): Experiment {
  const changed = Object.fromEntries([...changes].map(([key, text]) => [key, parseField(key, text)]));
  const { rule, layers }: Experiment = { ...experiment, ...changed };
  return { ...adapt(experiment, rule, layers), ...changed };
}

/** The name of a field. Throws a FaultError('invalid') that lists the names there are. */
export function fieldNamed(name: string): FieldKey {
  const key = fieldKeys.find((candidate) => candidate === name);
  if (!key) throw new FaultError('invalid', `There is no field “${name}”. Known: ${fieldKeys.join(', ')}.`);
  return key;
}
