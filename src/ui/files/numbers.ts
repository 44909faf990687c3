import { printExperiment } from '../../model/codec.ts';
import type { Experiment } from '../../model/experiment.ts';
import { depthOf, layerCells, layerColumns, type Metrics } from '../../model/metrics.ts';
import type { ChangeMark, History } from '../charts/history.ts';

/** One network at one point of its run, and its rule, which may change here. */
export interface Line extends Metrics {
  /** The rule that taught. */
  readonly rule: string;
}

const finite = (value: number | undefined): number | null =>
  value !== undefined && Number.isFinite(value) ? value : null;

/** Every number that the charts were drawn from, by step and network; training before test where both are of one step. */
export function linesOf({ rows, layers, replicas, segments }: History, seed: number, stepsPerEpoch: number): Line[] {
  const lines = new Map<string, Line>();
  const put = (step: number, split: Line['split'], replica: number, rule: string, numbers: Partial<Line>): void => {
    const key = `${step} ${split} ${replica} ${rule}`;
    const before = lines.get(key) ?? {
      step,
      epoch: stepsPerEpoch > 0 ? step / stepsPerEpoch : 0,
      split,
      replica,
      seed: seed + replica,
      rule,
      loss: null,
      accuracy: null,
      layers: [],
    };
    lines.set(key, { ...before, ...numbers });
  };
  const each = (
    name: keyof typeof rows,
    split: Line['split'],
    numbersOf: (row: Float32Array, replica: number) => Partial<Line>,
  ): void => {
    const table = rows[name];
    for (const [part, { rule }] of segments.entries())
      for (let i = table.starts[part]; i < (table.starts[part + 1] ?? table.length); i++) {
        const row = table.row(i);
        for (let replica = 0; replica < replicas; replica++) put(row[0], split, replica, rule, numbersOf(row, replica));
      }
  };
  each('train', 'train', (row, r) => ({ loss: finite(row[1 + 4 * r]), accuracy: finite(row[4 + 4 * r]) }));
  each('test', 'test', (row, r) => ({ loss: finite(row[1 + 2 * r]), accuracy: finite(row[2 + 2 * r]) }));
  each('alignment', 'train', (row, r) => ({
    layers: layers.map((_, layer) => {
      const at = 1 + 3 * (replicas * layer + r);
      return { angle: finite(row[at]), ratio: finite(row[at + 1]), gradAngle: finite(row[at + 2]) };
    }),
  }));
  return [...lines.values()].toSorted(
    (a, b) => a.step - b.step || b.split.localeCompare(a.split) || a.replica - b.replica,
  );
}

/** A row a line, in pieces, as a file may be longer than any string. Nothing stands where nothing was measured. */
export function toCsv(lines: readonly Line[]): string[] {
  const plain = ['step', 'epoch', 'split', 'replica', 'seed', 'rule', 'loss', 'accuracy'] as const;
  const depth = depthOf(lines);
  const cells = lines.map((line) => [...plain.map((name) => line[name] ?? ''), ...layerCells(line, depth)]);
  return [[...plain, ...layerColumns(depth)], ...cells].map((row) => `${row.join(',')}\n`);
}

/** The experiment as it was in the end, what was changed on the way, and its lines, each on one of the file. In pieces, too. */
export function toJson(experiment: Experiment, lines: readonly Line[], marks: readonly ChangeMark[]): string[] {
  const changes = marks.map(({ step, label, before }) => ({ step, change: label, before }));
  const head = JSON.stringify({ experiment: printExperiment(experiment), changes }, null, 1).replace(/\n\}$/, '');
  const rows = lines.map((line, i) => `${i === 0 ? '' : ','}\n  ${JSON.stringify(line)}`);
  return [`${head},\n "lines": [`, ...rows, '\n ]\n}\n'];
}
