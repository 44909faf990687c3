import type { ChartModel, Reading } from './model.ts';

/** What an earlier run has at a place, layer by layer; nothing where it had come to its end. */
export interface RunFigures {
  readonly run: number;
  readonly name: string;
  readonly values: readonly Reading[];
}

/** The readings of the earlier runs on a chart, each run's together; of one that has none there, too: what stands beside it is not to move. */
export function figuresOf({ lines }: ChartModel, values: readonly Reading[]): readonly RunFigures[] {
  return lines.flatMap(({ run, name, data }) =>
    run === null || name === null || data.length === 0
      ? []
      : { run, name, values: values.filter(({ line }) => line.run === run) },
  );
}

/** More layers are told by their ends. */
export const mostValues = 4;

/** "88° · 83° · 72°", or of many layers "60°–90°", which may be one. */
export function tellValues(values: readonly Reading[], { read, brief }: ChartModel): string {
  const all = values.map(({ value }) => value);
  if (all.length === 0) return '–';
  if (all.length === 1) return read(all[0]);
  if (all.length <= mostValues) return all.map(brief).join(' · ');
  const ends = [Math.min(...all), Math.max(...all)].map(brief);
  return [...new Set(ends)].join('–');
}
