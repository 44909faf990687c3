import { excerpt } from '../excerpt.ts';
import { FaultError } from '../fault.ts';
import type { LayerRow, LayerSpec } from '../network.ts';
import { printShape, type Shape } from '../shape.ts';
import type { LayerKind } from './layer.ts';

/**
 * main(x) + shortcut(x), then ReLU if `relu`. Where main keeps the shape the shortcut is x itself. Where it does not,
 * option A takes every s-th row and column and puts channels of zeros around, half of them in front; option B is a 1×1
 * convolution with stride s and batch norm. Notation: `a(c16k3nl-bn-c16k3nl-bnl)`, `b(…)`; `l` behind it leaves the ReLU out.
 */
export interface Residual {
  readonly kind: 'residual';
  readonly main: readonly LayerSpec[];
  readonly shortcut: 'a' | 'b';
  readonly relu: boolean;
}

/** What a block needs to know of the networks that it is made of. */
interface Networks {
  parse(text: string): LayerSpec[];
  print(layers: readonly LayerSpec[]): string;
  describe(layers: readonly LayerSpec[], input: Shape): LayerRow[];
  convolve(layers: readonly LayerSpec[]): boolean;
}

const behind = (rows: readonly LayerRow[], input: Shape): Shape => rows.at(-1)?.output ?? input;

const sameShape = (a: Shape, b: Shape): boolean => printShape(a) === printShape(b);

/** The step s with which every s-th row and column of `input` makes `output`, or null where there is none. */
export function shortcutStride(input: Shape, output: Shape): number | null {
  const stride = Math.ceil(input.height / output.height);
  const along = (side: number): number => Math.ceil(side / stride);
  return along(input.height) === output.height && along(input.width) === output.width ? stride : null;
}

export function residualKind(networks: Networks): LayerKind<Residual> {
  const print = ({ main, shortcut, relu }: Residual): string =>
    `${shortcut}(${networks.print(main)})${relu ? '' : 'l'}`;

  const refuse = (spec: Residual, text: string): never => {
    throw new FaultError('invalid', `${excerpt(print(spec))} ${text}`);
  };

  const mainOf = (spec: Residual, input: Shape): LayerRow[] => {
    const rows = networks.describe(spec.main, input);
    const last = rows.at(-1);
    if (!last) return refuse(spec, 'is empty. Put at least one layer between its brackets.');
    if ('relu' in last.spec && last.spec.relu)
      return refuse(spec, 'ends in a ReLU, but a block adds first: put an l behind its last layer.');
    return rows;
  };

  const shortcutOf = (spec: Residual, input: Shape, output: Shape): LayerRow[] => {
    if (sameShape(input, output)) return [];
    const stride = shortcutStride(input, output);
    if (stride === null)
      return refuse(spec, `has no shortcut from ${printShape(input)} to ${printShape(output)}: no stride leads there.`);
    if (spec.shortcut === 'b') {
      const window = { kernel: 1, stride, padding: 0 };
      return networks.describe(
        [
          { kind: 'conv', channels: output.channels, ...window, bias: false, relu: false },
          { kind: 'batchnorm', relu: false },
        ],
        input,
      );
    }
    if (output.channels < input.channels)
      return refuse(
        spec,
        `has fewer channels behind it (${output.channels}) than in front (${input.channels}), and option a only adds ` +
          'channels. Take b(…) or more channels.',
      );
    return [];
  };

  return {
    kind: 'residual',
    label: 'Residual block',
    notation: 'a(c16k3l-c16k3l) is a residual block around two layers',
    resembles: /^(a(?!v)|b\(|r)/i,
    sample: 'a(c16k3l-c16k3l)',
    choices: { shortcut: ['a', 'b'] },
    parse(token) {
      const match = /^([ab])\((.*)\)(l?)$/.exec(token);
      if (!match) return null;
      return {
        kind: 'residual',
        main: networks.parse(match[2] ?? ''),
        shortcut: match[1] as Residual['shortcut'],
        relu: match[3] === '',
      };
    },
    print,
    branches(spec, input) {
      const main = mainOf(spec, input);
      return [main, shortcutOf(spec, input, behind(main, input))];
    },
    output: (_spec, input, [main = []]) => behind(main, input),
    weight: () => null,
    convolves: ({ main }) => networks.convolve(main),
    parameters: () => 0,
  };
}
