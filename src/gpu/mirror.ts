import type { Experiment } from '../model/experiment.ts';
import { stream } from '../model/rng.ts';
import type { MirrorPhase, Rule } from '../model/rules/rule.ts';
import { sizeOf, type WeightShape } from '../model/shape.ts';
import { dispatch, type Dispatch } from './kernel.ts';
import { blend, tick } from './kernels/correlate.ts';
import { centre, normal } from './kernels/noise.ts';
import { feedbackOf, type Signal, type WeightLayer } from './operator.ts';
import type { Common, Parameter } from './parameter.ts';
import type { Pass } from './pass.ts';
import type { Tensor } from './tensor.ts';

/** Draws noise into a tensor, another one whenever the clock moves; nothing where it is injected. */
export function drawNoise(noise: Tensor, common: Common, clock: Tensor, deviation: number, layer: number): Dispatch[] {
  if (common.injected) return [];
  const constants = { COUNT: noise.size, DEVIATION: deviation, STREAM: stream('noise', layer) };
  return [dispatch(normal, { value: noise, seed: common.seed, clock }, constants)];
}

/** kernel ← (1 - rate) kernel + gain · K(x, y), K averaged over examples and the positions that each tap is seen from. */
export function estimate(
  layer: WeightLayer,
  kernel: Parameter,
  x: Tensor,
  y: Tensor,
  rate: number,
  gain: number,
  batch: number,
  pass: Pass,
): Dispatch[] {
  const sum = pass.plan.tensor(`${kernel.name}.estimate`, kernel.value.size);
  const taps = pass.plan.constant(`layers.${layer.index}.taps`, tapCounts(layer.shape));
  const constants = { COUNT: sum.size, TAP_SIZE: sum.size / taps.size, KEEP: 1 - rate, GAIN: gain / batch };
  return [
    ...layer.operator.outer(kernel, sum, x, y, pass.common.still, batch),
    dispatch(blend, { value: kernel.value, estimate: sum, taps }, constants),
  ];
}

/** For every tap of a layer's window, the output positions at which it reads a real pixel and not padding. */
function tapCounts({ kernel, stride, padding, input, output }: WeightShape): Float32Array<ArrayBuffer> {
  const along = (outputs: number, inputs: number): number[] =>
    Array.from({ length: kernel }, (_, tap) => {
      const reads = Array.from({ length: outputs }, (_position, p) => stride * p + tap - padding);
      return reads.filter((pixel) => pixel >= 0 && pixel < inputs).length;
    });
  const columns = along(output.width, input.width);
  return Float32Array.from(along(output.height, input.height).flatMap((rows) => columns.map((count) => rows * count)));
}

/** Records one step of a rule's mirror phase over all layers, on a pass of its own; nothing if the rule has none. */
export function recordMirror(
  pass: Pass,
  clock: Tensor,
  layers: readonly WeightLayer[],
  rule: Rule,
  experiment: Experiment,
): Dispatch[] {
  if (!rule.mirror) return [];
  for (const layer of layers)
    rule.mirror(phaseOf(layer, pass, clock, layer === layers.at(-1)), layer.shape, experiment);
  return [...pass.dispatches, dispatch(tick, { clock }, {})];
}

function phaseOf(layer: WeightLayer, pass: Pass, clock: Tensor, last: boolean): MirrorPhase<Parameter, Signal> {
  const { operator, shape, weight, index } = layer;
  const { dispatches, batch, common } = pass;
  return {
    weight,
    relu: !last,
    feedback: (name) => feedbackOf(layer, name),
    noise(deviation) {
      const noise = pass.scratch(`noise${index}`, sizeOf(shape.input));
      dispatches.push(...drawNoise(noise, common, clock, deviation, index));
      return { tensor: noise, channels: shape.inputs };
    },
    respond({ tensor: x }) {
      const response = pass.scratch(`response${index}`, sizeOf(shape.output));
      dispatches.push(operator.apply(response, x, { ...weight, bias: false }, batch, !last));
      return { tensor: response, channels: shape.outputs };
    },
    centre(signal) {
      const { tensor, channels } = signal;
      dispatches.push(dispatch(centre, { value: tensor }, { M: tensor.size / channels, N: channels }));
      return signal;
    },
    estimate: (kernel, x, y, rate, gain) =>
      void dispatches.push(...estimate(layer, kernel, x.tensor, y.tensor, rate, gain, batch, pass)),
  };
}
