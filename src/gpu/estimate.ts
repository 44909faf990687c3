import type { WeightShape } from '../model/shape.ts';
import { dispatch, type Dispatch } from './kernel.ts';
import { blend } from './kernels/blend.ts';
import type { WeightLayer } from './operator.ts';
import type { Parameter } from './parameter.ts';
import type { Pass } from './pass.ts';
import type { Tensor } from './tensor.ts';

/**
 * How feedback learns from the correlation K of a layer's input x and output y: kernel ← (1 - rate) kernel + gain · K(x, y).
 * K is averaged over the examples, and over the positions that each tap is seen from.
 */
export interface Estimate {
  readonly kernel: Parameter;
  readonly x: Tensor;
  readonly y: Tensor;
  readonly rate: number;
  readonly gain: number;
}

/** Records it for layer `layer`, over the examples of a pass. */
export function estimate(
  { index, shape, operator }: WeightLayer,
  { kernel, x, y, rate, gain }: Estimate,
  { plan, batch }: Pass,
): Dispatch[] {
  const { rows, columns } = kernel;
  const sum = plan.tensor(`${kernel.name}.estimate`, kernel.value.size);
  const taps = plan.constant(`layers.${index}.taps`, tapCounts(shape));
  const constants = { COUNT: sum.size, TAP_SIZE: sum.size / taps.size, KEEP: 1 - rate, GAIN: gain / batch };
  return [
    ...operator.outer({ rows, columns, value: sum }, x, y, batch),
    dispatch(blend, { value: kernel.value, estimate: sum, taps }, constants),
  ];
}

/**
 * For every tap of a layer's window, the number of output positions at which it reads a real pixel and not padding. Where
 * that is none, as at the rim of a 3×3 window on a 1×1 map, it is given as 1: the sum is 0, and the mean must be 0 too.
 */
function tapCounts({ kernel, stride, padding, input, output }: WeightShape): Float32Array<ArrayBuffer> {
  const along = (outputs: number, inputs: number): number[] =>
    Array.from({ length: kernel }, (_, tap) => {
      const reads = Array.from({ length: outputs }, (_position, p) => stride * p + tap - padding);
      return reads.filter((pixel) => pixel >= 0 && pixel < inputs).length;
    });
  const columns = along(output.width, input.width);
  const counts = along(output.height, input.height).flatMap((rows) => columns.map((count) => rows * count));
  return Float32Array.from(counts, (count) => Math.max(1, count));
}
