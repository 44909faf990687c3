import { type ChildProcess, spawn } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll } from 'vitest';
import { type Dataset, toIdx } from '../data/dataset.ts';
import { writeIdx } from '../data/idx.ts';
import { deflate } from '../data/testing.ts';
import { tinyDataset, tinyExperiment } from '../gpu/checkpoint-testing.ts';
import { printExperiment } from '../model/codec.ts';
import type { Metrics } from '../model/metrics.ts';

/** A folder for the tests of a file, with a tiny experiment, `tiny.json`, and its images, `bytes`. Returns paths in it. */
export function testFolder(): (...names: string[]) => string {
  let folder = '';
  const at = (...names: string[]): string => join(folder, ...names);
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'lab-'));
    await writeImages(at('bytes'), tinyDataset(), true);
    await writeFile(at('tiny.json'), JSON.stringify(printExperiment(tinyExperiment('pfa'))));
  });
  afterAll(() => rm(folder, { recursive: true }));
  return at;
}

/** The four IDX files, under their official names. */
export async function writeImages(path: string, dataset: Dataset, compressed: boolean): Promise<void> {
  await mkdir(path);
  const { trainImages, trainLabels, testImages, testLabels } = toIdx(dataset);
  const files = {
    'train-images-idx3-ubyte': trainImages,
    'train-labels-idx1-ubyte': trainLabels,
    't10k-images-idx3-ubyte': testImages,
    't10k-labels-idx1-ubyte': testLabels,
  };
  for (const [name, array] of Object.entries(files)) {
    const bytes = writeIdx(array);
    await writeFile(join(path, compressed ? `${name}.gz` : name), compressed ? await deflate(bytes) : bytes);
  }
}

/** How a command ended, and all that it said. */
export interface Result {
  readonly status: number | null;
  readonly text: string;
}

/** `npm run lab -- …` without npm: the very program, in a process of its own, `env` added to its environment. */
export function start(
  words: readonly string[],
  env: NodeJS.ProcessEnv = {},
): { process: ChildProcess; result: Promise<Result> } {
  const child = spawn(process.execPath, ['scripts/run.js', 'src/headless/lab.ts', ...words], {
    cwd: fileURLToPath(new URL('../..', import.meta.url)),
    env: { ...process.env, ...env },
  });
  let text = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (text += chunk.toString()));
  const result = new Promise<Result>((resolve) => child.on('close', (status) => resolve({ status, text })));
  return { process: child, result };
}

export const lab = (...words: string[]): Promise<Result> => start(words).result;
export const onCpu = ['--device', 'cpu'];

export const readJson = async <T>(path: string): Promise<T> => JSON.parse(await readFile(path, 'utf8')) as T;

/** The lines that a run has logged. */
export const metricsIn = async (path: string): Promise<Metrics[]> =>
  (await readFile(join(path, 'metrics.jsonl'), 'utf8'))
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as Metrics);
