import type { ContestRow } from './contest.ts';
import type { CostRow, ReplicaRow } from './costs.ts';
import type { KernelRow } from './kernels.ts';
import { workloadNames } from './workload-names.ts';

/** What came of one workload. */
export interface Result {
  readonly id: string;
  readonly rows: readonly ContestRow[];
}

const median = (numbers: readonly number[]): number => numbers.toSorted((a, b) => a - b)[numbers.length >> 1];

/** A few significant digits: a GPU needs microseconds for what takes others seconds. */
const digits = (value: number): string => (value >= 100 ? value.toFixed(0) : value.toPrecision(3));
const range = (numbers: readonly number[]): string => `${digits(Math.min(...numbers))}–${digits(Math.max(...numbers))}`;

function markdown(title: string, head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  const rule = head.map((_, i) => (i === 0 ? '---' : '---:'));
  return [`## ${title}`, '', line(head), line(rule), ...rows.map(line)].join('\n');
}

/** Medians, spread, and how many times as long as ours each one takes. */
export function contestTable({ id, rows }: Result): string {
  const ours = rows.find(({ problem }) => problem === null);
  const head = ['', 'ms a step, median', 'min–max', 'steps/s', 'times ours', 'first step, ms', 'loss'];
  const cells = rows.map(({ name, times, problem, start, loss }) => {
    if (problem !== null) return [name, problem.split('\n')[0], '', '', '', '', ''];
    const middle = median(times);
    const ratio = ours ? middle / median(ours.times) : NaN;
    return [
      name,
      digits(middle),
      range(times),
      digits(1000 / middle),
      ratio.toFixed(1),
      start.toFixed(0),
      loss.toFixed(4),
    ];
  });
  return markdown(workloadNames[id] ?? id, head, cells);
}

/** How fast each kernel is; the first two are the ceilings, of multiply-adds and of copying. */
export function kernelTable(kernels: readonly KernelRow[]): string {
  const [flops, copy] = kernels;
  const rows = kernels.map((kernel) => {
    const share = `${((100 * kernel.rate) / flops.rate).toFixed(0)} %`;
    const rate = kernel === copy ? [`${digits(kernel.rate)} GB/s`, ''] : [digits(kernel.rate), share];
    return [kernel.name, digits(kernel.milliseconds), ...rate];
  });
  return markdown('Kernels', ['', 'ms, best', 'GFLOP/s', 'share of the ceiling'], rows);
}

/** What several networks in one program take, beside one. */
export function replicaTable(rows: readonly ReplicaRow[]): string {
  const one = median(rows[0].times);
  const cells = rows.map(({ replicas, times }) => {
    const middle = median(times);
    return [String(replicas), digits(middle), range(times), (middle / one).toFixed(2)];
  });
  return markdown('Replicas of the MLP under BP', ['', 'ms a step, median', 'min–max', 'times one'], cells);
}

/** What a visitor waits for beside the steps. */
export function costTable(rows: readonly CostRow[]): string {
  const head = [
    '',
    'launches a step',
    'first step, ms',
    'step, ms',
    'angles and ratios, ms',
    'these at every 20 steps',
    'test of 10,000, ms',
  ];
  const cells = rows.map(({ rule, launches, start, step, align, test }) => [
    rule,
    String(launches),
    digits(start),
    digits(median(step)),
    digits(median(align)),
    `${((100 * median(align)) / (20 * median(step))).toFixed(1)} %`,
    digits(median(test)),
  ]);
  return markdown('Beside the steps', head, cells);
}
