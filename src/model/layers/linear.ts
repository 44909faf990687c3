import { flat, parameterCount, sizeOf, type Shape, type WeightShape } from '../shape.ts';
import type { LayerKind } from './layer.ts';
import { readNumber, type Range } from './range.ts';

/** z = W x + b, then ReLU if `relu`. Notation: `512`, or `512l` for a linear output. */
export interface Linear {
  readonly kind: 'linear';
  readonly outputs: number;
  readonly relu: boolean;
}

const units: Range = { least: 1, most: 999_999, says: (range) => `a fully connected layer has ${range} units` };

const weight = ({ outputs }: Linear, input: Shape): WeightShape => ({
  inputs: sizeOf(input),
  outputs,
  kernel: 1,
  stride: 1,
  padding: 0,
  bias: true,
  convolves: false,
  input: flat(sizeOf(input)),
  output: flat(outputs),
});

export const linear: LayerKind<Linear> = {
  kind: 'linear',
  label: 'Fully connected',
  notation: '512 is a fully connected layer with 512 units',
  resembles: /^(\d|dense|fc|lin)/i,
  sample: '512',
  parse(token) {
    const match = /^(\d+)(l?)$/.exec(token);
    return match ? { kind: 'linear', outputs: readNumber(match[1], units, token), relu: match[2] === '' } : null;
  },
  print: ({ outputs, relu }) => `${outputs}${relu ? '' : 'l'}`,
  output: ({ outputs }) => flat(outputs),
  weight,
  parameters: (spec, input) => parameterCount(weight(spec, input)),
};
