import type { LayerKind } from './layer.ts';

/**
 * Batch norm over examples and positions, with a learned scale and shift a channel, then ReLU if `relu`. Notation: `bn`,
 * or `bnl` without the ReLU.
 */
export interface BatchNorm {
  readonly kind: 'batchnorm';
  readonly relu: boolean;
}

export const batchnorm: LayerKind<BatchNorm> = {
  kind: 'batchnorm',
  label: 'Batch norm',
  notation: 'bn is batch norm',
  resembles: /^b(?!\()/i,
  sample: 'bn',
  parse(token) {
    const match = /^bn(l?)$/.exec(token);
    return match ? { kind: 'batchnorm', relu: match[1] === '' } : null;
  },
  print: ({ relu }) => `bn${relu ? '' : 'l'}`,
  output: (_spec, input) => input,
  weight: () => null,
  parameters: (_spec, { channels }) => 2 * channels,
};
