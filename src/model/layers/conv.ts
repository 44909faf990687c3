import { FaultError } from '../fault.ts';
import { parameterCount, type Shape, type WeightShape } from '../shape.ts';
import type { LayerKind } from './layer.ts';
import { readNumber, type Range } from './range.ts';
import { parseWindow, places, printWindow, type Window } from './window.ts';

/**
 * z = W * x + b, a cross-correlation with zero padding, then ReLU if `relu`. Notation: `c16k3s2p1`, 16 channels through a
 * 3×3 window with stride 2 and padding 1; without `s` the stride is 1, without `p` the padding half the window; `n`
 * behind it leaves the bias out, `l` the ReLU.
 */
export interface Conv extends Window {
  readonly kind: 'conv';
  readonly channels: number;
  readonly bias: boolean;
  readonly relu: boolean;
}

const channels: Range = { least: 1, most: 99_999, says: (range) => `a convolution has ${range} channels` };

const usual = (kernel: number) => ({ stride: 1, padding: Math.floor(kernel / 2) });

const print = (spec: Conv): string =>
  `c${spec.channels}k${printWindow(spec, usual)}${spec.bias ? '' : 'n'}${spec.relu ? '' : 'l'}`;

function output(spec: Conv, input: Shape): Shape {
  if (spec.padding >= spec.kernel)
    throw new FaultError(
      'invalid',
      `${print(spec)} has windows that see only padding. Its padding may be at most ${spec.kernel - 1}.`,
    );
  const [height, width] = places(spec, input, print(spec));
  return { height, width, channels: spec.channels };
}

const weight = (spec: Conv, input: Shape): WeightShape => ({
  inputs: input.channels,
  outputs: spec.channels,
  kernel: spec.kernel,
  stride: spec.stride,
  padding: spec.padding,
  bias: spec.bias,
  convolves: true,
  input,
  output: output(spec, input),
});

export const conv: LayerKind<Conv> = {
  kind: 'conv',
  label: 'Convolution',
  notation: 'c16k3s2 is a convolution with 16 channels, a 3×3 window and stride 2',
  resembles: /^c/i,
  sample: 'c16k3s2',
  parse(token) {
    const match = /^c(\d+)k(\d+)(?:s(\d+))?(?:p(\d+))?(n?)(l?)$/.exec(token);
    if (!match) return null;
    return {
      kind: 'conv',
      channels: readNumber(match[1], channels, token),
      ...parseWindow(match.slice(2, 5), usual, token),
      bias: match[5] === '',
      relu: match[6] === '',
    };
  },
  print,
  output,
  weight,
  convolves: () => true,
  parameters: (spec, input) => parameterCount(weight(spec, input)),
};
