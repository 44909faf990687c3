import type { Conv } from '../../model/layers/conv.ts';
import type { WeightShape } from '../../model/shape.ts';
import { dispatch } from '../kernel.ts';
import { convApply, convOuter, convPullback, dealImages, type ConvConstants } from '../kernels/conv.ts';
import { descend, total } from '../kernels/descend.ts';
import type { LayerHalf } from '../network.ts';
import type { Operator } from '../operator.ts';
import { forwardWeight } from '../pathway.ts';
import type { Plan } from '../plan.ts';

/** The convolutional operator of a layer. Its weight gradients come as partial sums, for which `plan` has the room. */
function convolution({ input, output, inputs, kernel, stride, padding }: WeightShape, plan: Plan): Operator {
  const sizesFor = (outputs: number, batch: number): ConvConstants => ({
    M: batch,
    HEIGHT: input.height,
    WIDTH: input.width,
    INPUTS: inputs,
    OUT_HEIGHT: output.height,
    OUT_WIDTH: output.width,
    OUTPUTS: outputs,
    KERNEL: kernel,
    STRIDE: stride,
    PADDING: padding,
  });
  return {
    rowwise: false,
    apply: (z, x, { value, columns, bias }, batch, relu) =>
      dispatch(
        convApply,
        { z, x, v: value },
        { ...sizesFor(columns, batch), V_SIZE: value.size, BIAS: bias, RELU: relu },
      ),
    pullback: ({ dx, gate, add }, e, { value, columns }, batch) =>
      dispatch(
        convPullback,
        // Without a gate the shader does not read x, but something has to be bound there.
        { dx, e, v: value, x: gate ?? e },
        { ...sizesFor(columns, batch), V_SIZE: value.size, MASK: gate !== null, ADD: add },
      ),
    descend({ value, columns, bias, sparse }, velocity, x, e, rates, batch) {
      const sizes = sizesFor(columns, batch);
      const deal = dealImages(sizes);
      const { size } = value;
      const partial = plan.tensor(`pieces.${deal.PIECES}.${size}`, deal.PIECES * size);
      return [
        dispatch(convOuter, { parts: partial, x, e }, { ...sizes, ...deal, BIAS: bias }),
        dispatch(
          descend,
          { v: value, velocity, partial, rates, mask: sparse?.bits ?? x },
          { COUNT: size, PIECES: deal.PIECES, MASKED: sparse !== null },
        ),
      ];
    },
    outer({ value, rows, columns }, x, e, batch) {
      const sizes = sizesFor(columns, batch);
      const deal = dealImages(sizes);
      const COUNT = rows * columns;
      const partial = plan.tensor(`pieces.${deal.PIECES}.${COUNT}`, deal.PIECES * COUNT);
      return [
        dispatch(convOuter, { parts: partial, x, e }, { ...sizes, ...deal, BIAS: false }),
        dispatch(total, { sum: value, partial }, { COUNT, PIECES: deal.PIECES }),
      ];
    },
  };
}

export const conv: LayerHalf<Conv> = {
  build(spec, { weight }, network) {
    if (!weight) throw new Error('A convolution has a weight.');
    const layer = network.weightLayer(weight, convolution(weight, network.plan));
    return { weight: layer, forward: (input, pass) => forwardWeight(layer, input, pass, spec.relu) };
  },
};
