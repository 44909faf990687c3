import { readdirSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { printExperiment, printField } from '../model/codec.ts';
import type { Experiment } from '../model/experiment.ts';
import { fieldKeys } from '../model/fields.ts';
import { FaultError } from '../model/fault.ts';
import { depthOf, layerCells, layerColumns, type Metrics } from '../model/metrics.ts';
import { makeFolder } from './disk.ts';
import { experimentOf } from './experiment.ts';
import type { Flags } from './flags.ts';
import { RunFolder } from './folder.ts';

/** One line of one run's metrics, with the run that it is of. */
export interface Row extends Metrics {
  readonly run: string;
  readonly experiment: Experiment;
}

/** `merge`: the finished runs below some folders, as one CSV and one JSON file. Returns the exit status. */
export function merge({ files, out = 'merged', curves }: Flags): number {
  if (files.length === 0) throw new FaultError('invalid', 'merge takes the folders of runs, or the folder of a sweep.');
  const folders = files.flatMap(runsIn);
  const [finished, unfinished] = [true, false].map((wanted) =>
    folders.filter((run) => (run.summary !== null) === wanted),
  );
  for (const { path } of unfinished) console.error(`${path} is not finished; left out.`);
  if (finished.length === 0)
    throw new FaultError(
      'invalid',
      `There are no finished runs in ${files.join(', ')}. Give the folders that train or sweep wrote.`,
    );
  const rows = finished.flatMap((folder) => rowsOf(folder, curves));
  makeFolder(dirname(out));
  writeFileSync(`${out}.csv`, toCsv(rows));
  writeFileSync(`${out}.json`, toJson(rows));
  console.log(`${finished.length} runs, ${rows.length} rows: ${out}.csv, ${out}.json`);
  return 0;
}

/** The folders of runs at and below `path`, by name. */
export function runsIn(path: string): RunFolder[] {
  if (!statSync(path, { throwIfNoEntry: false })?.isDirectory())
    throw new FaultError('invalid', `There is no folder ${path}. Give the folders that train or sweep wrote.`);
  const folder = new RunFolder(path);
  if (folder.used) return [folder];
  const names = readdirSync(path, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  return names.toSorted((a, b) => (a.name < b.name ? -1 : 1)).flatMap(({ name }) => runsIn(join(path, name)));
}

/** The results of a finished run: a row a network, or with `curves` all of its metrics. */
export function rowsOf(folder: RunFolder, curves: boolean): Row[] {
  const experiment = experimentOf(folder.experiment, folder.path);
  const lines = curves ? folder.metrics : (folder.summary?.results ?? []);
  return lines.map((line) => ({ run: folder.path, experiment, ...line }));
}

/** A row a line, layers side by side. A network of its own seed has it in place of the experiment's. */
function toCsv(rows: readonly Row[]): string {
  const depth = depthOf(rows);
  const keys = fieldKeys.filter((key) => key !== 'seed');
  const plain = ['replica', 'seed', 'split', 'step', 'epoch', 'loss', 'accuracy'] as const;
  const header = ['run', ...keys, ...plain, ...layerColumns(depth)];
  const lines = rows.map((row) => [
    row.run,
    ...keys.map((key) => printField(key, row.experiment[key])),
    ...plain.map((name) => row[name]),
    ...layerCells(row, depth),
  ]);
  return [header, ...lines].map((cells) => `${cells.map(cell).join(',')}\n`).join('');
}

const toJson = (rows: readonly Row[]): string =>
  `${JSON.stringify(
    rows.map((row) => ({ ...row, experiment: printExperiment(row.experiment) })),
    null,
    2,
  )}\n`;

/** RFC 4180: quoted where it has to be; nothing for what is not defined. */
function cell(value: string | number | null | undefined): string {
  const text = String(value ?? '');
  return /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
