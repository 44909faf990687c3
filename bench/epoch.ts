/**
 * One epoch of each rule on MNIST, and beside it the figures of an independent reference for whoever has them. Trains
 * nothing itself:
 *
 *   npm run lab -- sweep bench/epoch.json             about an hour on a software GPU, minutes on a real one
 *   npx tsx bench/epoch.ts runs/epoch                 prints the table
 *   npx tsx bench/epoch.ts runs/epoch expected.md     with the reference's lines in it, and writes it to bench/epoch.md
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { rowsOf, runsIn, type Row } from '../src/headless/merge.ts';
import { rules } from '../src/model/rules/index.ts';

const section = '## MLP 784-512-512-10, one epoch';

/** The reference's cells of each rule: accuracy, angle, ratio, update. */
function expectedCells(path: string): Map<string, string[]> {
  const [, text = ''] = readFileSync(path, 'utf8').split(section);
  const lines = (text.split('\n## ')[0] ?? '').split('\n').filter((line) => /^\| [a-z]+ \| \d/.test(line));
  return new Map(
    lines.map((line) => {
      const [, rule = '', , ...cells] = line.split('|').map((cell) => cell.trim());
      return [rule, cells.slice(0, 4)];
    }),
  );
}

/** Our cells: the mean over networks of each figure, and its standard deviation where there are several. */
function measuredCells(rows: readonly Row[]): string[] {
  const layers = rows[0].layers.map((_, k) => k);
  const each = (key: 'angle' | 'ratio' | 'gradAngle', digits: number): string =>
    layers
      .map((k) =>
        summary(
          rows.map(({ layers: of }) => of[k][key]),
          digits,
        ),
      )
      .join(' · ');
  const accuracy = summary(
    rows.map((row) => 100 * (row.accuracy ?? NaN)),
    1,
  );
  return [accuracy, each('angle', 1), each('ratio', 2), each('gradAngle', 1)];
}

function summary(values: readonly (number | null)[], digits: number): string {
  const present = values.filter((value) => value !== null);
  if (present.length === 0) return '–';
  const mean = present.reduce((sum, value) => sum + value, 0) / present.length;
  if (present.length === 1) return mean.toFixed(digits);
  const squares = present.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return `${mean.toFixed(digits)} ± ${Math.sqrt(squares / (present.length - 1)).toFixed(digits)}`;
}

const [folder, expectedPath] = process.argv.slice(2);
if (folder === undefined) throw new Error('Say where the runs are: npx tsx bench/epoch.ts runs/epoch');

const expected = expectedPath === undefined ? new Map<string, string[]>() : expectedCells(expectedPath);
const finished = runsIn(folder).filter((run) => run.summary !== null);
const results = finished.flatMap((run) => rowsOf(run, false));
const table = rules.flatMap(({ id }) => {
  const rows = results.filter(({ experiment }) => experiment.rule === id);
  if (rows.length === 0) return [];
  const cells = expected.get(id);
  return [[`**${id}**`, rows.length, ...measuredCells(rows)], ...(cells ? [['expected', 3, ...cells]] : [])];
});
const devices = new Set(finished.map((run) => run.summary?.device.name));
const source = expectedPath === undefined ? '.' : '; the lines “expected” are those of the\nindependent reference.';
const markdown = [
  '# One epoch of each rule on MNIST',
  '',
  `Measured on ${[...devices].join(', ')} by \`npm run lab -- sweep bench/epoch.json\`${source} ` +
    'Layers from input to output, angles in degrees, mean ± standard deviation over seeds.',
  '',
  '| rule | seeds | test accuracy % | angle | ratio | update |',
  '| --- | --- | --- | --- | --- | --- |',
  ...table.map((cells) => `| ${cells.join(' | ')} |`),
  '',
].join('\n');
if (expectedPath !== undefined) writeFileSync(new URL('epoch.md', import.meta.url), markdown);
console.log(markdown);
