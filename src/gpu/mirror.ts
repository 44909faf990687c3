import type { LayerRow } from '../model/network.ts';
import type { MirrorPhase } from '../model/rules/rule.ts';
import { sizeOf } from '../model/shape.ts';
import { estimate } from './estimate.ts';
import { dispatch, type Dispatch } from './kernel.ts';
import { centre } from './kernels/noise.ts';
import { tick } from './kernels/tick.ts';
import type { Network } from './network.ts';
import { drawNoise } from './noise.ts';
import { feedbackOf, type Signal, type WeightLayer } from './operator.ts';
import type { Parameter } from './parameter.ts';
import type { Pass } from './pass.ts';
import type { Tensor } from './tensor.ts';

/** Records one step of the rule's mirror phase over all layers, on a pass of its own. Empty if the rule has none. */
export function recordMirror(pass: Pass, clock: Tensor, { rule, rows, weights, experiment }: Network): Dispatch[] {
  if (!rule.mirror) return [];
  const relus = rectified(rows);
  for (const layer of weights) rule.mirror(phaseOf(layer, pass, clock, relus[layer.index]), layer.shape, experiment);
  return [...pass.dispatches, dispatch(tick, { clock }, {})];
}

/**
 * For each layer with a weight, in order, whether a ReLU follows before the next one. Batch norm and the sum of a block may
 * lie between: a mirror leaves them out (algorithms.md section 5).
 */
export const rectified = (rows: readonly LayerRow[]): boolean[] => rectifiedBefore(false, rows).relus;

/** The same for some rows; `behind` says whether a ReLU comes next after them, `front` whether one comes next before them. */
function rectifiedBefore(behind: boolean, rows: readonly LayerRow[]): { relus: boolean[]; front: boolean } {
  const relus: boolean[] = [];
  let front = behind;
  for (const { spec, weight, branches } of rows.toReversed()) {
    const relu = front || ('relu' in spec && spec.relu);
    const inner = branches.map((branch) => rectifiedBefore(relu, branch));
    relus.unshift(...(weight ? [relu] : []), ...inner.flatMap((branch) => branch.relus));
    // A block is entered by its main path.
    front = weight === null && (inner[0]?.front ?? relu);
  }
  return { relus, front };
}

function phaseOf(layer: WeightLayer, pass: Pass, clock: Tensor, relu: boolean): MirrorPhase<Parameter, Signal> {
  const { operator, shape, weight, index } = layer;
  const { dispatches, batch, common } = pass;
  return {
    weight,
    relu,
    feedback: (name) => feedbackOf(layer, name),
    noise(deviation) {
      const noise = pass.scratch(`noise${index}`, sizeOf(shape.input));
      dispatches.push(...drawNoise(noise, index, common, clock, deviation));
      return { tensor: noise, channels: shape.inputs };
    },
    respond({ tensor: x }) {
      const response = pass.scratch(`response${index}`, sizeOf(shape.output));
      dispatches.push(operator.apply(response, x, { ...weight, bias: false }, batch, relu));
      return { tensor: response, channels: shape.outputs };
    },
    centre(signal) {
      const { tensor, channels } = signal;
      dispatches.push(dispatch(centre, { value: tensor }, { M: tensor.size / channels, N: channels }));
      return signal;
    },
    estimate: (kernel, x, y, rate, gain) =>
      void dispatches.push(...estimate(layer, { kernel, x: x.tensor, y: y.tensor, rate, gain }, pass)),
  };
}
