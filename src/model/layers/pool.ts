import { FaultError } from '../fault.ts';
import type { LayerKind } from './layer.ts';
import { parseWindow, places, printWindow, type Window } from './window.ts';

/**
 * The largest or the average number of each window, a channel at a time; without a window, of the whole map. Padding
 * counts as -∞ in a largest and as 0 in an average. Notation: `max2`, `avg2`, `max3s2p1` with stride and padding
 * (usually the window's side and 0); `gmax` and `gavg` take the whole map.
 */
export interface Pool {
  readonly kind: 'pool';
  readonly of: 'max' | 'avg';
  readonly window: Window | null;
}

const usual = (kernel: number) => ({ stride: kernel, padding: 0 });

const print = ({ of, window }: Pool): string => (window ? `${of}${printWindow(window, usual)}` : `g${of}`);

export const pool: LayerKind<Pool> = {
  kind: 'pool',
  label: 'Pooling',
  notation: 'max2 and avg2 pool 2×2 windows, gavg the whole map',
  resembles: /^(av|g|m|p)/i,
  sample: 'max2',
  choices: { of: ['max', 'avg'] },
  parse(token) {
    const match = /^(g?)(max|avg)(?:(\d+)(?:s(\d+))?(?:p(\d+))?)?$/.exec(token);
    // Either the whole map or a window, and not both or neither.
    if (!match || (match[1] === 'g') === (match[3] !== undefined)) return null;
    return {
      kind: 'pool',
      of: match[2] as Pool['of'],
      window: match[1] === 'g' ? null : parseWindow(match.slice(3, 6), usual, token),
    };
  },
  print,
  output(spec, input) {
    const { window } = spec;
    if (!window) return { height: 1, width: 1, channels: input.channels };
    if (window.padding > window.kernel / 2)
      throw new FaultError(
        'invalid',
        `${print(spec)} has windows that see mostly padding. Its padding may be at most ${Math.floor(window.kernel / 2)}.`,
      );
    const [height, width] = places(window, input, print(spec));
    return { height, width, channels: input.channels };
  },
  weight: () => null,
  parameters: () => 0,
};
