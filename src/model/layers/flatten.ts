import { flat, sizeOf } from '../shape.ts';
import type { LayerKind } from './layer.ts';

/**
 * A map as one vector, channel by channel, as PyTorch flattens it: a fully connected layer behind it has the weight that
 * PyTorch's would have. Notation: `flat`.
 */
export interface Flatten {
  readonly kind: 'flatten';
}

export const flatten: LayerKind<Flatten> = {
  kind: 'flatten',
  label: 'Flatten',
  notation: 'flat makes a vector of a map',
  resembles: /^fl/i,
  sample: 'flat',
  parse: (token) => (token === 'flat' ? { kind: 'flatten' } : null),
  print: () => 'flat',
  output: (_spec, input) => flat(sizeOf(input)),
  weight: () => null,
  parameters: () => 0,
};
