/**
 * What every rule comes to on MNIST, and beside it the figures of an independent reference for whoever has them. Trains
 * nothing itself:
 *
 *   npm run lab -- sweep bench/reference.json --device cpu     trains: an hour on one core
 *   npx tsx bench/reference.ts runs/reference --after 1,5      prints a table for after one epoch and one for after five
 *
 * `--expected FILE` adds the reference's lines.
 */
import { parseArgs } from 'node:util';
import { rowsOf, runsIn } from '../src/headless/merge.ts';
import { expectedUnder, figuresTable } from './figures.ts';

const { values: flags, positionals } = parseArgs({
  allowPositionals: true,
  options: { after: { type: 'string', default: '1,5' }, expected: { type: 'string' } },
});
const [folder] = positionals;
if (folder === undefined) throw new Error('Say where the runs are: npx tsx bench/reference.ts runs/reference');

/** The reference's heading for what it has after so many epochs. */
const headings: Readonly<Record<string, string>> = {
  1: 'MLP 784-512-512-10, one epoch',
  5: 'The same, five epochs',
};

const finished = runsIn(folder).filter((run) => run.summary !== null);
const rows = finished.flatMap((run) => rowsOf(run, true)).filter(({ split }) => split === 'test');
const devices = new Set(finished.map((run) => run.summary?.device.name));
const others =
  flags.expected === undefined
    ? ''
    : ' “Expected” is what an independent reference in float32 came to with other random numbers.';
console.log(
  `# Rules on MNIST\n\nThe MLP 784-512-512-10 under the settings of the paper, on ${[...devices].join(', ')}. ` +
    `Layers from input to output, angles in degrees, mean ± standard deviation over seeds.${others}`,
);
for (const epochs of flags.after.split(',')) {
  const reached = rows.filter(({ epoch }) => epoch === Number(epochs));
  const heading = headings[epochs];
  const expected = expectedUnder(heading ?? '', heading && flags.expected);
  const table = figuresTable((rule) => reached.filter(({ experiment }) => experiment.rule === rule), expected);
  console.log(`\n## After ${epochs} ${epochs === '1' ? 'epoch' : 'epochs'}\n\n${table}`);
}
