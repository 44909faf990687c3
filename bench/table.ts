import type { ContestRow, KernelRow } from './contest.ts';
import { workloadNames } from './workload-names.ts';

/** What came of one workload. */
export interface Result {
  readonly id: string;
  readonly rows: readonly ContestRow[];
}

const median = (numbers: readonly number[]): number => numbers.toSorted((a, b) => a - b)[numbers.length >> 1];

/** The results as Markdown: medians, spread, and how many times as long as ours each one takes. */
export function tableOf(
  results: readonly Result[],
  kernels: readonly KernelRow[],
  surroundings: Readonly<Record<string, string>>,
): string {
  const lines = [
    '# Training steps in a browser',
    '',
    Object.entries(surroundings)
      .map(([name, value]) => `${name}: ${value}`)
      .join(' · '),
    '',
  ];
  for (const { id, rows } of results) {
    const ours = rows.find(({ problem }) => problem === null);
    lines.push(`## ${workloadNames[id] ?? id}`, '');
    lines.push('| | ms a step, median | min–max | steps/s | times ours | first step, ms | loss |');
    lines.push('|---|---:|---:|---:|---:|---:|---:|');
    for (const { name, times, problem, start, loss } of rows) {
      if (problem !== null) {
        lines.push(`| ${name} | ${problem.split('\n')[0]} | | | | | |`);
        continue;
      }
      const middle = median(times);
      const ratio = ours ? middle / median(ours.times) : NaN;
      const range = `${Math.min(...times).toFixed(1)}–${Math.max(...times).toFixed(1)}`;
      const cells = [
        middle.toFixed(1),
        range,
        (1000 / middle).toFixed(1),
        ratio.toFixed(1),
        start.toFixed(0),
        loss.toFixed(4),
      ];
      lines.push(`| ${name} | ${cells.join(' | ')} |`);
    }
    lines.push('');
  }
  const [flops, copy] = kernels;
  lines.push('## Kernels', '', '| | ms, best | GFLOP/s | share of the ceiling |', '|---|---:|---:|---:|');
  for (const kernel of kernels)
    lines.push(
      `| ${kernel.name} | ${kernel.milliseconds.toFixed(2)} | ` +
        (kernel === copy
          ? `${kernel.rate.toFixed(1)} GB/s | |`
          : `${kernel.rate.toFixed(1)} | ${((100 * kernel.rate) / flops.rate).toFixed(0)} % |`),
    );
  lines.push('');
  return lines.join('\n');
}
