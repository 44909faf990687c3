import { max, min, nice } from 'd3';
import type { ChartLine, ChartModel, Scene } from './model.ts';
import type { Steps } from './steps.ts';

/** An earlier run's value above this, and above three times the present maximum, does not stretch the axis. */
const leastWild = 5;

/** Of a stretch of more samples than this, means of some are enough. */
const mostSamples = 2000;

type Domain = ChartModel['y']['domain'];

/** What an axis is to hold. Infinity and -Infinity where there is nothing. */
export interface Extent {
  readonly least: number;
  /** What a logarithm can be taken of. */
  readonly leastPositive: number;
  readonly highest: number;
}

/** The ends of all the lines' values in a stretch, or in the whole run, but for those of an earlier run that went wild. */
export function extent(lines: readonly ChartLine[], steps: Steps | null): Extent {
  const each = lines.map((line) => ({ run: line.run, ...extentOf(line, steps) }));
  const present = max(each, ({ run, highest }) => (run === null ? highest : undefined)) ?? -Infinity;
  const bound = present === -Infinity ? Infinity : Math.max(3 * present, leastWild);
  const counted = each.filter(({ run, highest }) => run === null || highest <= bound);
  return {
    least: min(counted, ({ least }) => least) ?? Infinity,
    leastPositive: min(counted, ({ leastPositive }) => leastPositive) ?? Infinity,
    highest: max(counted, ({ highest }) => highest) ?? -Infinity,
  };
}

/** An axis shows no less than this share of its highest value: what is so near to each other is noise. */
const narrowest = 0.01;

/** The ends of an axis that holds what is in sight as closely as round values do, or, while that is all, what is usual. */
export function fitted({ steps }: Scene, { least, highest }: Extent, usual: Domain): Domain {
  if (steps === null || least > highest) return usual;
  const room = Math.max(0, narrowest * highest - (highest - least)) / 2;
  return nice(Math.max(0, least - room), highest + room, 5);
}

function extentOf(line: ChartLine, steps: Steps | null): Extent {
  const { data } = line;
  if (steps === null) return { least: data.min, leastPositive: data.leastPositive, highest: data.max };
  const [low, own, high] = (['low', 'y', 'high'] as const).map((column) => valuesIn(line, steps, column));
  return {
    least: min(low) ?? Infinity,
    // Of the curve alone: a mean less its deviation may be next to nothing, many decades below.
    leastPositive: min(own.filter((value) => value > 0)) ?? Infinity,
    highest: max(high) ?? -Infinity,
  };
}

/** What a curve, or an end of its band, comes by between two steps: its samples, and where it comes in and goes out. */
function valuesIn({ data, stretch, segments }: ChartLine, steps: Steps, column: 'low' | 'y' | 'high'): number[] {
  const { x, [column]: values } = data.samples;
  const [from, to] = steps.map((step) => step / stretch);
  const [first, end] = data.between(from, to);
  const crossing = (sample: number, at: number): number[] => {
    if (sample === 0 || sample >= data.length) return [];
    const [before, after] = [values[sample - 1], values[sample]];
    return [before + ((at - x[sample - 1]) / (x[sample] - x[sample - 1])) * (after - before)];
  };
  const within = [...segments.keys()].flatMap((part) =>
    data
      .stretchesOf(part, mostSamples, first, end)
      .flatMap(({ level, from, to }) => [...level[column].subarray(from, to)]),
  );
  return [...crossing(first, from), ...within, ...crossing(end, to)];
}
