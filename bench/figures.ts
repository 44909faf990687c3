import { readFileSync } from 'node:fs';
import type { Metrics } from '../src/model/metrics.ts';
import { rules } from '../src/model/rules/index.ts';

/** What one network has come to. */
export type Figures = Pick<Metrics, 'accuracy' | 'layers'>;

/** A line of a table behind the rule's name: seeds, accuracy, and the angle, ratio and update angle of every layer. */
type Cells = readonly string[];

/** The lines of the independent reference under a heading of its file, by rule. */
export function expectedUnder(heading: string, path: string | undefined): ReadonlyMap<string, Cells> {
  if (path === undefined) return new Map();
  const [, text] = readFileSync(path, 'utf8').split(`## ${heading}\n`);
  if (text === undefined) throw new Error(`${path} has no heading “${heading}”.`);
  const lines = text
    .split('\n## ')[0]
    .split('\n')
    .filter((line) => /^\| [a-z]+ \| \d/.test(line));
  return new Map(
    lines.map((line) => {
      const [, rule, ...cells] = line.split('|').map((cell) => cell.trim());
      return [rule, cells.slice(0, 5)];
    }),
  );
}

/** A Markdown table of what each rule's networks have come to, with the expected lines below ours where there are some. */
export function figuresTable(
  figuresOf: (rule: string) => readonly Figures[],
  expected: ReadonlyMap<string, Cells>,
): string {
  const lines = rules.flatMap(({ id, name }) => {
    const networks = figuresOf(id);
    if (networks.length === 0) return [];
    const others = expected.get(id);
    return [[`**${name}**`, ...cellsOf(networks)], ...(others ? [['expected', ...others]] : [])];
  });
  const header = ['rule', 'seeds', 'test accuracy %', 'angle', 'ratio', 'update'];
  return [header, header.map(() => '---'), ...lines].map((cells) => `| ${cells.join(' | ')} |\n`).join('');
}

function cellsOf(networks: readonly Figures[]): Cells {
  const each = (key: 'angle' | 'ratio' | 'gradAngle', digits: number): string =>
    networks[0].layers
      .map((_, k) =>
        summary(
          networks.map(({ layers }) => layers[k][key]),
          digits,
        ),
      )
      .join(' · ');
  const accuracies = networks.map(({ accuracy }) => accuracy && 100 * accuracy);
  return [`${networks.length}`, summary(accuracies, 1), each('angle', 1), each('ratio', 2), each('gradAngle', 1)];
}

/** Mean and standard deviation of what is defined. */
function summary(values: readonly (number | null)[], digits: number): string {
  const present = values.filter((value) => value !== null);
  if (present.length === 0) return '–';
  const mean = present.reduce((sum, value) => sum + value, 0) / present.length;
  if (present.length === 1) return mean.toFixed(digits);
  const squares = present.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return `${mean.toFixed(digits)} ± ${Math.sqrt(squares / (present.length - 1)).toFixed(digits)}`;
}
