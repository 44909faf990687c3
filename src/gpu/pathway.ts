import type { Pathway, Shares } from '../model/rules/rule.ts';
import { sizeOf } from '../model/shape.ts';
import { estimate } from './estimate.ts';
import { dispatch, type Dispatch } from './kernel.ts';
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
import type { Tensor } from './tensor.ts';

/** Records the forward pass of a layer with a weight, and puts the rule's way back through it on the tape. */
export function forwardWeight(layer: WeightLayer, input: Value, pass: Pass, relu: boolean): Value {
  const output = applyWeight(layer, input, pass, relu);
  pass.inputs.set(layer.index, input);
  pass.outputs.set(layer.index, output.data);
  pass.tape.push((back) => {
    const pathway = new LayerPathway(layer, input, output, back);
    const { learns } = back.sink;
    // The first layer sends no error on. In training, what only serves to send it is not refreshed. In a look, which compares
    // that feedback too, it is refreshed, but the error goes no further.
    if (!learns || !pathway.first) back.rule.refresh?.(pathway, layer.shape, back.experiment);
    if (learns || !pathway.first) back.rule.back(pathway, back.experiment);
    back.dispatches.push(...back.sink.take(layer, input.data, errorOf(output)));
  });
  return output;
}

/** z = W x + b, then noise if the pass has some and the layer is hidden, then the ReLU. */
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

/** A layer as its rule sees it on the way back. Its methods record what they do. */
class LayerPathway implements Pathway<Parameter, Signal, Matrix> {
  readonly weight: Parameter;
  readonly error: Signal;
  readonly first: boolean;
  readonly hidden: boolean;
  readonly noise: Signal | null;
  readonly #layer: WeightLayer;
  readonly #input: Value;
  readonly #output: Value;
  readonly #back: Backward;

  constructor(layer: WeightLayer, input: Value, output: Value, back: Backward) {
    this.weight = layer.weight;
    this.error = { tensor: errorOf(output), channels: layer.shape.outputs };
    this.first = back.pass.isFirst(layer);
    this.hidden = output !== back.output;
    this.noise = input.noise ? { tensor: input.noise, channels: layer.shape.inputs } : null;
    this.#layer = layer;
    this.#input = input;
    this.#output = output;
    this.#back = back;
  }

  feedback(name: string): Parameter {
    return feedbackOf(this.#layer, name);
  }

  outputError(): Signal {
    const { pass, output } = this.#back;
    const channels = sizeOf(output.shape);
    const source = errorOf(output);
    const positions = this.#positions;
    if (positions === 1) return { tensor: source, channels };
    const tensor = pass.scratch(`spread.${positions}`, positions * channels);
    this.#record(
      dispatch(spread, { y: tensor, x: source }, { M: pass.batch, POSITIONS: positions, CHANNELS: channels }),
    );
    return { tensor, channels };
  }

  project({ rows, columns, value }: Matrix, error: Signal): Signal {
    const { pass } = this.#back;
    const positions = this.#positions;
    // Maps are large, so convolutions of one output shape share the memory of ē: each is done with it before the next
    // begins. Fully connected layers have memory of their own, so that they need not wait for each other.
    const owner = positions === 1 ? `layer${this.#layer.index}` : `${positions}.${columns}`;
    const tensor = pass.scratch(`projected.${owner}`, positions * columns);
    const constants = { M: pass.batch * positions, N: columns, K: rows, BIAS: false, RELU: false };
    const sizes = { X_SIZE: error.tensor.size, V_SIZE: value.size };
    this.#record(dispatch(apply, { z: tensor, x: error.tensor, v: value }, { ...constants, ...sizes }));
    return { tensor, channels: columns };
  }

  send(kernel: Matrix, error: Signal): void {
    const destination = this.#back.into(this.#input);
    const { operator } = this.#layer;
    if (destination) this.#record(operator.pullback(destination, error.tensor, kernel, this.#back.pass.batch));
  }

  learn(kernel: Parameter, error: Signal): void {
    if (!this.#back.sink.learns) return;
    const { common, batch } = this.#back.pass;
    const { operator } = this.#layer;
    this.#record(...operator.descend(kernel, velocityOf(kernel), this.#input.data, error.tensor, common.rates, batch));
  }

  decay(kernel: Parameter): void {
    if (!this.#back.sink.learns) return;
    const { value } = kernel;
    const { rates } = this.#back.pass.common;
    // No pieces, so the gradient is zero. `rates` stands in for the pieces and the mask, which are not read.
    const tensors = { v: value, velocity: velocityOf(kernel), partial: rates, rates, mask: rates };
    this.#record(dispatch(descend, tensors, { COUNT: value.size, PIECES: 0, MASKED: false }));
  }

  follow(target: Parameter, magnitude: number | Parameter): void {
    const weight = this.weight.value;
    if (!target.sparse) throw new Error(`${target.name} has no mask.`);
    const drawn = typeof magnitude === 'object';
    const tensors = {
      value: target.value,
      weight,
      magnitude: drawn ? magnitude.value : weight,
      mask: target.sparse.bits,
    };
    const COUNT = target.rows * target.columns;
    const constants = { COUNT, W_SIZE: weight.size, MAGNITUDE: drawn ? 1 : magnitude, DRAWN: drawn };
    this.#record(dispatch(follow, tensors, constants));
  }

  path(projection: Matrix, kernel: Matrix): Matrix {
    const { path, dispatches } = multiplyPath(this.#back.pass.plan, this.#layer.index, projection, kernel);
    this.#record(...dispatches);
    return path;
  }

  mix(target: Matrix, path: Matrix, fixed: Matrix, copied: Matrix, shares: Shares): void {
    const { common } = this.#back.pass;
    this.#record(mixSynapses(this.#layer.index, target, { path, fixed, copied, shares }, common));
  }

  fluctuation(): Signal {
    const { pass, rule } = this.#back;
    const { index, shape } = this.#layer;
    const quiet = pass.perturbation?.quiet.outputs.get(index);
    if (!quiet) throw new Error(`${rule.name} asks for a fluctuation, but adds no noise.`);
    const { data } = this.#output;
    const tensor = pass.scratch(`fluctuation${index}`, sizeOf(shape.output));
    this.#record(dispatch(combine, { value: tensor, a: data, b: quiet }, { COUNT: tensor.size, GAIN: -1 }));
    return { tensor, channels: shape.outputs };
  }

  estimate(kernel: Parameter, x: Signal, y: Signal, rate: number, gain: number): void {
    if (!this.#back.sink.learns) return;
    this.#record(...estimate(this.#layer, { kernel, x: x.tensor, y: y.tensor, rate, gain }, this.#back.pass));
  }

  /** Positions of the layer's output, each with all its channels. */
  get #positions(): number {
    const { height, width } = this.#layer.shape.output;
    return height * width;
  }

  #record(...dispatches: readonly Dispatch[]): void {
    this.#back.dispatches.push(...dispatches);
  }
}

function velocityOf({ name, velocity }: Parameter): Tensor {
  if (!velocity) throw new Error(`${name} does not learn.`);
  return velocity;
}
