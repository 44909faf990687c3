import { flat, parameterCount, sizeOf, type Shape, type WeightShape } from '../shape.ts';
import type { LayerKind } from './layer.ts';

/** z = W x + b, then ReLU if `relu`. Notation: `512`, or `512l` for a linear output. */
export interface Linear {
  readonly kind: 'linear';
  readonly outputs: number;
  readonly relu: boolean;
}

const weight = ({ outputs }: Linear, input: Shape): WeightShape => ({
  inputs: sizeOf(input),
  outputs,
  kernel: 1,
  stride: 1,
  padding: 0,
  bias: true,
  input: flat(sizeOf(input)),
  output: flat(outputs),
});

export const linear: LayerKind<Linear> = {
  kind: 'linear',
  label: 'Fully connected',
  notation: '512 is a fully connected layer with 512 units',
  sample: '512',
  parse(token) {
    const match = /^([1-9]\d{0,5})(l?)$/.exec(token);
    return match ? { kind: 'linear', outputs: Number(match[1]), relu: match[2] === '' } : null;
  },
  print: ({ outputs, relu }) => `${outputs}${relu ? '' : 'l'}`,
  output: ({ outputs }) => flat(outputs),
  weight,
  parameters: (spec, input) => parameterCount(weight(spec, input)),
};
