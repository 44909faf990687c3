import { printExperiment } from '../../model/codec.ts';
import type { Experiment } from '../../model/experiment.ts';
import type { Mark } from '../../workers/protocol.ts';
import type { History } from '../charts/history.ts';

/** One network at one point of its run, as the headless runner's `metrics.jsonl` has it, and its rule, which may change here. */
export interface Line {
  readonly step: number;
  readonly epoch: number;
  /** `train`: the mean over the steps since the line before; `test`: all test images. */
  readonly split: 'train' | 'test';
  readonly replica: number;
  readonly seed: number;
  /** The rule that taught. */
  readonly rule: string;
  readonly loss: number | null;
  readonly accuracy: number | null;
  /** For each layer with a weight: degrees, a ratio, degrees. Empty where they were not measured. */
  readonly layers: readonly {
    readonly angle: number | null;
    readonly ratio: number | null;
    readonly gradAngle: number | null;
  }[];
}

const finite = (value: number | undefined): number | null =>
  value !== undefined && Number.isFinite(value) ? value : null;

/** Every number that the charts were drawn from, by step and network; training before test where both are of one step. */
export function linesOf({ rows, layers, replicas, segments }: History, seed: number, stepsPerEpoch: number): Line[] {
  const lines = new Map<string, Line>();
  const ruleAt = (step: number): string =>
    (segments.findLast((segment) => segment.step <= step) ?? segments[0])?.rule ?? '';
  const put = (
    step: number,
    split: Line['split'],
    replica: number,
    numbers: Partial<Line>,
    rule = ruleAt(step),
  ): void => {
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
  const each = (name: keyof typeof rows, take: (row: Float32Array, step: number, replica: number) => void): void => {
    const table = rows[name];
    for (let i = 0; i < table.length; i++) {
      const row = table.row(i);
      for (let replica = 0; replica < replicas; replica++) take(row, row[0], replica);
    }
  };
  each('train', (row, step, r) =>
    // These are of the steps before: where another rule took over, still of the one that had taught.
    put(step, 'train', r, { loss: finite(row[1 + 4 * r]), accuracy: finite(row[4 + 4 * r]) }, ruleAt(step - 0.5)),
  );
  each('test', (row, step, r) =>
    put(step, 'test', r, { loss: finite(row[1 + 2 * r]), accuracy: finite(row[2 + 2 * r]) }),
  );
  each('alignment', (row, step, r) =>
    put(step, 'train', r, {
      layers: layers.map((_, layer) => {
        const at = 1 + 3 * (replicas * layer + r);
        return { angle: finite(row[at]), ratio: finite(row[at + 1]), gradAngle: finite(row[at + 2]) };
      }),
    }),
  );
  return [...lines.values()].toSorted(
    (a, b) => a.step - b.step || b.split.localeCompare(a.split) || a.replica - b.replica,
  );
}

/** A row a line; layers side by side as layer0.angle, layer0.ratio, … Nothing stands where nothing was measured. */
export function toCsv(lines: readonly Line[]): string {
  const plain = ['step', 'epoch', 'split', 'replica', 'seed', 'rule', 'loss', 'accuracy'] as const;
  const measures = ['angle', 'ratio', 'gradAngle'] as const;
  const layers = Array.from({ length: Math.max(0, ...lines.map((line) => line.layers.length)) }, (_, k) => k);
  const header = [...plain, ...layers.flatMap((k) => measures.map((measure) => `layer${k}.${measure}`))];
  const cells = lines.map((line) => [
    ...plain.map((name) => line[name] ?? ''),
    ...layers.flatMap((k) => measures.map((measure) => line.layers[k]?.[measure] ?? '')),
  ]);
  return [header, ...cells].map((row) => `${row.join(',')}\n`).join('');
}

/** The experiment as it was in the end, what was changed on the way, and its lines. */
export function toJson(experiment: Experiment, lines: readonly Line[], marks: readonly Mark[]): string {
  const changes = marks.map(({ step, label }) => ({ step, change: label }));
  return `${JSON.stringify({ experiment: printExperiment(experiment), changes, lines }, null, 1)}\n`;
}
