/** The shape of one example at some point of the network; a flat vector of n numbers is 1×1×n. Stored row-major, channels last. */
export interface Shape {
  readonly height: number;
  readonly width: number;
  readonly channels: number;
}

/** How many numbers one example of this shape has. */
export const sizeOf = (shape: Shape): number => shape.height * shape.width * shape.channels;

/** A flat vector of `channels` numbers. */
export const flat = (channels: number): Shape => ({ height: 1, width: 1, channels });

/** Whether it is a vector. */
const isFlat = ({ height, width }: Shape): boolean => height === 1 && width === 1;

/** "28×28×1", or "512" for a flat vector. */
export const printShape = (shape: Shape): string =>
  isFlat(shape) ? `${shape.channels}` : `${shape.height}×${shape.width}×${shape.channels}`;

/**
 * What a layer's weight connects: `inputs` channels to `outputs` channels through a kernel × kernel window.
 * A fully connected layer is the window 1×1 on a flat vector.
 */
export interface WeightShape {
  readonly inputs: number;
  readonly outputs: number;
  readonly kernel: number;
  readonly stride: number;
  readonly padding: number;
  readonly bias: boolean;
  /** Whether it is a convolution, were its window and its map a single place; if not, one matrix from vector to vector. */
  readonly convolves: boolean;
  /** One example on either side of the layer. */
  readonly input: Shape;
  readonly output: Shape;
}

/** Glorot's fans (algorithms.md section 4) for a tensor with the layer's window between `from` and `to` channels. */
export const glorotBound = (shape: WeightShape, from: number, to: number): number =>
  Math.sqrt(6 / ((from + to) * shape.kernel * shape.kernel));

/** The standard deviation of Glorot's law for a layer's weight, √(2/(fan_in + fan_out)). */
export const glorotDeviation = ({ inputs, outputs, kernel }: WeightShape): number =>
  Math.sqrt(2 / ((inputs + outputs) * kernel * kernel));

/** Trainable numbers of a weight layer, bias included. */
export const parameterCount = (shape: WeightShape): number =>
  shape.inputs * shape.kernel * shape.kernel * shape.outputs + (shape.bias ? shape.outputs : 0);
