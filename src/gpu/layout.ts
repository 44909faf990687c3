import type { Parameter } from './parameter.ts';
import type { Numbers } from './tensor.ts';

/**
 * The two layouts of a parameter (algorithms.md section 1). The reference's, which is PyTorch's: (out, in, kh, kw), a
 * projection (out, Nm), the bias apart. Ours: [kh·kw·in (+1 for the bias)][out], a projection [out][Nm].
 */
export interface Reference {
  readonly weight: Float64Array<ArrayBuffer>;
  readonly bias: Float64Array<ArrayBuffer> | null;
}

/** The index in the reference's layout of number (row, column) in ours. */
function referenceIndex({ rows, columns, form, shape }: Parameter, row: number, column: number): number {
  if (form !== 'kernel') return row * columns + column;
  const [, inputs, height = 1, width = 1] = shape;
  return column * rows + (row % inputs) * height * width + Math.floor(row / inputs);
}

/** One replica of a parameter, from the reference's layout into ours. */
export function fromReference(
  parameter: Parameter,
  weight: ArrayLike<number>,
  bias: ArrayLike<number> | null,
): Float64Array<ArrayBuffer> {
  const { rows, columns } = parameter;
  const numbers = new Float64Array((rows + Number(parameter.bias)) * columns);
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++)
      numbers[row * columns + column] = weight[referenceIndex(parameter, row, column)];
  if (parameter.bias && bias)
    for (let column = 0; column < columns; column++) numbers[rows * columns + column] = bias[column];
  return numbers;
}

/** One replica of a parameter, from our layout into the reference's. */
export function toReference(parameter: Parameter, numbers: Numbers): Reference {
  const { rows, columns } = parameter;
  const weight = new Float64Array(rows * columns);
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++)
      weight[referenceIndex(parameter, row, column)] = numbers[row * columns + column];
  const bias = parameter.bias ? new Float64Array(numbers.subarray(rows * columns, (rows + 1) * columns)) : null;
  return { weight, bias };
}
