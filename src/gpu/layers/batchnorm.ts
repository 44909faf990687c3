import type { BatchNorm } from '../../model/layers/batchnorm.ts';
import { dispatch } from '../kernel.ts';
import { descend, total } from '../kernels/descend.ts';
import { moments, normalise, normGradient, normPullback, piecesOf, poolMoments, track } from '../kernels/norm.ts';
import type { LayerHalf, NormLayer } from '../network.ts';
import { errorOf, type Backward, type Pass, type Value } from '../pass.ts';
import type { Tensor } from '../tensor.ts';

export const batchnorm: LayerHalf<BatchNorm> = {
  build(spec, { input }, network) {
    const layer = network.normLayer(input.channels);
    return { forward: (value, pass) => forwardNorm(layer, value, pass, spec.relu) };
  },
};

/** Normalises by the batch's statistics in a pass that learns, and by the running ones in other passes. */
function forwardNorm(layer: NormLayer, input: Value, pass: Pass, relu: boolean): Value {
  const output = pass.value(input.shape, relu);
  const { plan, dispatches, name } = pass;
  const N = input.shape.channels;
  const rows = { M: input.data.size / N, N };
  const tensors = { y: output.data, x: input.data, v: layer.scale.value };
  if (!pass.learns) {
    dispatches.push(dispatch(normalise, { ...tensors, statistics: layer.running.value }, { ...rows, RELU: relu }));
    return output;
  }
  const PIECES = piecesOf(rows.M);
  const partial = plan.tensor(`pieces.${PIECES}.${2 * N}`, PIECES * 2 * N);
  const statistics = plan.tensor(`${name}.norms.${layer.index}.statistics`, 2 * N);
  dispatches.push(
    dispatch(moments, { partial, x: input.data }, { ...rows, PIECES }),
    dispatch(poolMoments, { statistics, partial }, { ...rows, PIECES }),
    dispatch(normalise, { ...tensors, statistics }, { ...rows, RELU: relu }),
  );
  pass.tape.push((back) => backwardNorm(layer, input, output, statistics, back));
  return output;
}

function backwardNorm(layer: NormLayer, input: Value, output: Value, statistics: Tensor, back: Backward): void {
  const { dispatches, sink, pass } = back;
  const N = input.shape.channels;
  const rows = { M: input.data.size / N, N };
  const PIECES = piecesOf(rows.M);
  const partial = pass.plan.tensor(`pieces.${PIECES}.${2 * N}`, PIECES * 2 * N);
  const sums = pass.plan.tensor(`sums.${N}`, 2 * N);
  const { scale, running } = layer;
  const [x, e] = [input.data, errorOf(output)];
  dispatches.push(
    dispatch(normGradient, { partial, e, x, statistics }, { ...rows, PIECES }),
    dispatch(total, { sum: sums, partial }, { COUNT: 2 * N, PIECES }),
  );
  const to = back.into(input);
  if (to)
    dispatches.push(
      dispatch(
        normPullback,
        { dx: to.dx, e, x, statistics, v: scale.value, sums },
        { ...rows, MASK: to.gate !== null, ADD: to.add },
      ),
    );
  // A look at the next batch must change nothing, not even the running statistics that tests normalise by.
  if (!sink.learns) return;
  const { rates } = pass.common;
  const velocity = scale.velocity as Tensor;
  dispatches.push(
    dispatch(
      descend,
      { v: scale.value, velocity, partial: sums, rates, mask: sums },
      { COUNT: 2 * N, PIECES: 1, MASKED: false },
    ),
    dispatch(track, { running: running.value, statistics }, rows),
  );
}
