import type { Pathway } from '../model/rules/rule.ts';
import { sizeOf } from '../model/shape.ts';
import { dispatch } from './kernel.ts';
import { apply } from './kernels/apply.ts';
import { follow } from './kernels/follow.ts';
import type { Matrix, WeightLayer } from './operator.ts';
import { drawParameter, type Parameter } from './parameter.ts';
import type { Backward, Pass, Value } from './pass.ts';
import type { Tensor } from './tensor.ts';

/** The forward pass of a layer with a weight; puts the rule's way back through it on the tape. */
export function forwardWeight(layer: WeightLayer, input: Value, pass: Pass, relu: boolean): Value {
  const output = pass.value(layer.shape.output, relu);
  pass.dispatches.push(layer.operator.apply(output.data, input.data, layer.weight, pass.batch, relu));
  pass.tape.push((back) => {
    const pathway = pathwayOf(layer, input, output, back);
    back.rule.refresh?.(pathway, layer.shape);
    back.rule.back(pathway);
    const { velocity, rates } = back.sink.take(layer.weight);
    back.dispatches.push(layer.operator.outer(layer.weight, velocity, input.data, errorOf(output), rates, pass.batch));
  });
  return output;
}

/** An error signal of `channels` numbers at every position of a layer's output. */
interface Signal {
  readonly tensor: Tensor;
  readonly channels: number;
}

function errorOf(value: Value): Tensor {
  if (!value.error) throw new Error('This value has no error.');
  return value.error;
}

/** The feedback tensor of that name; a rule that asks for one it did not declare is a mistake in the rule. */
export function feedbackOf(layer: WeightLayer, name: string): Parameter {
  const parameter = layer.feedback[name];
  if (!parameter) throw new Error(`Layer ${layer.index} has no feedback tensor ${name}.`);
  return parameter;
}

/** Layer `layer` as its rule sees it on the way back. */
function pathwayOf(layer: WeightLayer, input: Value, output: Value, back: Backward): Pathway<Parameter, Signal> {
  const { pass, dispatches, sink } = back;
  const { operator, shape, weight } = layer;
  const positions = shape.output.height * shape.output.width;
  return {
    weight,
    error: { tensor: errorOf(output), channels: shape.outputs },
    outputError() {
      const channels = sizeOf(back.output.shape);
      return { tensor: operator.spread(errorOf(back.output), channels, pass.batch), channels };
    },
    feedback: (name) => feedbackOf(layer, name),
    project(projection, error) {
      const { rows, columns, value } = projection;
      const tensor = pass.scratch(`projected${layer.index}`, positions * columns);
      const constants = { M: pass.batch * positions, N: columns, K: rows, BIAS: false, RELU: false };
      const sizes = { X_SIZE: error.tensor.size, V_SIZE: value.size };
      dispatches.push(dispatch(apply, { z: tensor, x: error.tensor, v: value }, { ...constants, ...sizes }));
      return { tensor, channels: columns };
    },
    send(kernel: Matrix, error) {
      const destination = back.into(input);
      if (destination) dispatches.push(operator.pullback(destination, error.tensor, kernel, pass.batch));
    },
    learn(kernel, error) {
      if (!sink.feedbackLearns) return;
      if (!kernel.velocity) throw new Error(`${kernel.name} does not learn.`);
      dispatches.push(operator.outer(kernel, kernel.velocity, input.data, error.tensor, pass.common.rates, pass.batch));
    },
    follow(target, magnitude) {
      const drawn = typeof magnitude === 'object';
      if (!target.sparse) throw new Error(`${target.name} has no mask.`);
      dispatches.push(
        dispatch(
          follow,
          {
            value: target.value,
            weight: weight.value,
            magnitude: drawn ? magnitude.value : weight.value,
            mask: target.sparse.bits,
          },
          {
            COUNT: target.rows * target.columns,
            W_SIZE: weight.value.size,
            MAGNITUDE: drawn ? 1 : magnitude,
            DRAWN: drawn,
          },
        ),
      );
    },
    redraw: (target) => dispatches.push(...drawParameter(target, pass.common, true)),
  };
}
