import { FaultError } from '../fault.ts';
import { printShape, type Shape } from '../shape.ts';
import { readNumber, type Range } from './range.ts';

/** A square window that moves over a map: what convolution and pooling have in common. */
export interface Window {
  readonly kernel: number;
  readonly stride: number;
  /** Rows and columns of nothing around the map. */
  readonly padding: number;
}

/** How many rows and columns of places the window has on a map. Throws a FaultError('invalid') when it has none. */
export function places(
  { kernel, stride, padding }: Window,
  input: Shape,
  layer: string,
): [rows: number, columns: number] {
  const along = (side: number): number => Math.floor((side + 2 * padding - kernel) / stride) + 1;
  const [rows, columns] = [along(input.height), along(input.width)];
  if (rows >= 1 && columns >= 1) return [rows, columns];
  throw new FaultError(
    'invalid',
    `${layer} does not fit: its ${kernel}×${kernel} window is larger than the ${printShape(input)} in front of it` +
      `${padding > 0 ? ` with padding ${padding}` : ''}. Take a smaller window, more padding or fewer layers that shrink the map.`,
  );
}

const sides: Range = { least: 1, most: 99, says: (range) => `a window is ${range} pixels wide` };
const strides: Range = { least: 1, most: 99, says: (range) => `a stride is ${range} pixels` };
const paddings: Range = { least: 0, most: 99, says: (range) => `padding is ${range} pixels` };

/** The digits of `k3`, `k3s2`, `k5s1p0` → the window; stride and padding that are not written stand at `usual`. */
export function parseWindow(
  [kernel, stride, padding]: readonly string[],
  usual: (kernel: number) => Omit<Window, 'kernel'>,
  token: string,
): Window {
  const side = readNumber(kernel, sides, token);
  const standard = usual(side);
  return {
    kernel: side,
    stride: stride === undefined ? standard.stride : readNumber(stride, strides, token),
    padding: padding === undefined ? standard.padding : readNumber(padding, paddings, token),
  };
}

/** What `parseWindow` reads back, without the letter in front of the kernel. */
export function printWindow(
  { kernel, stride, padding }: Window,
  usual: (kernel: number) => Omit<Window, 'kernel'>,
): string {
  const standard = usual(kernel);
  return `${kernel}${stride === standard.stride ? '' : `s${stride}`}${padding === standard.padding ? '' : `p${padding}`}`;
}
