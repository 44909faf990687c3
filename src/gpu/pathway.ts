import type { Pathway } from '../model/rules/rule.ts';
import { sizeOf } from '../model/shape.ts';
import { estimate } from './estimate.ts';
import { dispatch } from './kernel.ts';
import { apply } from './kernels/apply.ts';
import { combine } from './kernels/combine.ts';
import { descend } from './kernels/descend.ts';
import { follow } from './kernels/follow.ts';
import { perturb } from './kernels/noise.ts';
import { spread } from './kernels/spread.ts';
import { drawNoise } from './noise.ts';
import { feedbackOf, type Matrix, type Signal, type WeightLayer } from './operator.ts';
import type { Parameter } from './parameter.ts';
import { errorOf, type Backward, type Pass, type Value } from './pass.ts';
import { mixSynapses, multiplyPath } from './path.ts';

/** The forward pass of a layer with a weight; puts the rule's way back through it on the tape. */
export function forwardWeight(layer: WeightLayer, input: Value, pass: Pass, relu: boolean): Value {
  const output = applyWeight(layer, input, pass, relu);
  pass.inputs.set(layer.index, input);
  pass.outputs.set(layer.index, output.data);
  pass.tape.push((back) => {
    const pathway = pathwayOf(layer, input, output, back);
    const { learns } = back.sink;
    // The first layer sends no message: what only carries it is made for a look, where nothing learns, and there it has
    // nothing to do with its error.
    if (!learns || !pathway.first) back.rule.refresh?.(pathway, layer.shape, back.experiment);
    if (learns || !pathway.first) back.rule.back(pathway, back.experiment);
    back.dispatches.push(...back.sink.take(layer, input.data, errorOf(output)));
  });
  return output;
}

/** z = W x + b, then noise if the pass has any and the layer is hidden, then the ReLU. */
function applyWeight(layer: WeightLayer, input: Value, pass: Pass, relu: boolean): Value {
  const output = pass.value(layer.shape.output, relu);
  const { perturbation, common, dispatches, batch } = pass;
  const noisy = perturbation && relu;
  dispatches.push(layer.operator.apply(output.data, input.data, layer.weight, batch, relu && !noisy));
  if (!noisy) return output;
  const noise = pass.scratch(`noise${layer.index}`, sizeOf(output.shape));
  dispatches.push(...drawNoise(noise, layer.index, common, common.clock, perturbation.deviation));
  dispatches.push(dispatch(perturb, { z: output.data, noise }, { COUNT: noise.size }));
  return { ...output, noise };
}

/** Layer `layer` as its rule sees it on the way back. */
function pathwayOf(
  layer: WeightLayer,
  input: Value,
  output: Value,
  back: Backward,
): Pathway<Parameter, Signal, Matrix> {
  const { pass, dispatches, sink } = back;
  const { operator, shape, weight } = layer;
  const positions = shape.output.height * shape.output.width;
  return {
    weight,
    error: { tensor: errorOf(output), channels: shape.outputs },
    outputError() {
      const channels = sizeOf(back.output.shape);
      const source = errorOf(back.output);
      if (positions === 1) return { tensor: source, channels };
      const tensor = pass.scratch(`spread.${positions}`, positions * channels);
      const constants = { M: pass.batch, POSITIONS: positions, CHANNELS: channels };
      dispatches.push(dispatch(spread, { y: tensor, x: source }, constants));
      return { tensor, channels };
    },
    feedback: (name) => feedbackOf(layer, name),
    project(projection, error) {
      const { rows, columns, value } = projection;
      // Maps are large, so layers of one output shape share ē: each is done with it before the next one, further down,
      // begins. Fully connected layers need not wait for each other.
      const owner = positions === 1 ? `layer${layer.index}` : `${positions}.${columns}`;
      const tensor = pass.scratch(`projected.${owner}`, positions * columns);
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
      if (!sink.learns) return;
      if (!kernel.velocity) throw new Error(`${kernel.name} does not learn.`);
      dispatches.push(
        ...operator.descend(kernel, kernel.velocity, input.data, error.tensor, pass.common.rates, pass.batch),
      );
    },
    decay(kernel) {
      if (!sink.learns) return;
      if (!kernel.velocity) throw new Error(`${kernel.name} does not learn.`);
      const { value, velocity } = kernel;
      const { rates } = pass.common;
      // No pieces: a gradient of zero. What stands for them and for the mask is not read.
      const tensors = { v: value, velocity, partial: rates, rates, mask: rates };
      dispatches.push(dispatch(descend, tensors, { COUNT: value.size, PIECES: 0, MASKED: false }));
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
    path(projection, kernel) {
      const { path, dispatches: product } = multiplyPath(pass.plan, layer.index, projection, kernel);
      dispatches.push(...product);
      return path;
    },
    mix: (target, path, fixed, copied, shares) =>
      void dispatches.push(mixSynapses(layer.index, target, { path, fixed, copied, shares }, pass.common)),
    first: pass.isFirst(layer),
    hidden: output !== back.output,
    noise: input.noise ? { tensor: input.noise, channels: shape.inputs } : null,
    fluctuation() {
      const quiet = pass.perturbation?.quiet.outputs.get(layer.index);
      if (!quiet) throw new Error(`${back.rule.name} asks for a fluctuation, but adds no noise.`);
      const tensor = pass.scratch(`fluctuation${layer.index}`, sizeOf(output.shape));
      dispatches.push(dispatch(combine, { value: tensor, a: output.data, b: quiet }, { COUNT: tensor.size, GAIN: -1 }));
      return { tensor, channels: shape.outputs };
    },
    estimate(kernel, x, y, rate, gain) {
      if (sink.learns) dispatches.push(...estimate(layer, { kernel, x: x.tensor, y: y.tensor, rate, gain }, pass));
    },
  };
}
