import * as tf from '@tensorflow/tfjs';
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import '@tensorflow/tfjs-backend-webgpu';
import { parametersOf, type Layer } from './parameters.ts';
import { batches, batchOf, type Contestant, type Run, type Start, type Workload } from './workload.ts';

/** A layer of the network as tensors, each with what SGD remembers of it. */
interface Trained {
  readonly value: tf.Variable;
  readonly velocity: tf.Variable;
}
interface TrainedLayer {
  readonly weight: Trained;
  readonly bias: Trained;
  readonly projection: tf.Tensor | null;
  readonly kernel: Trained | null;
}

const trained = (numbers: Float32Array, shape: number[]): Trained => ({
  value: tf.variable(tf.tensor(numbers, shape)),
  velocity: tf.variable(tf.zeros(shape)),
});

const layerOf = ({ weight, bias, projection, kernel }: Layer): TrainedLayer => ({
  weight: trained(weight.numbers, weight.shape),
  bias: trained(bias.numbers, bias.shape),
  projection: projection && tf.tensor(projection.numbers, projection.shape),
  kernel: kernel && trained(kernel.numbers, kernel.shape),
});

/** v ← µv + g + λw, w ← w - ηv. */
function descend({ value, velocity }: Trained, gradient: tf.Tensor, { experiment }: Workload): void {
  velocity.assign(velocity.mul(experiment.momentum).add(gradient).add(value.mul(experiment.decay)));
  value.assign(value.sub(velocity.mul(experiment.rate)));
}

/** Loss and output error by hand: one softmax serves both. */
function scoreOf(logits: tf.Tensor2D, onehot: tf.Tensor2D): { loss: tf.Scalar; error: tf.Tensor2D } {
  const logProbabilities = tf.logSoftmax(logits);
  return {
    loss: tf.mean(tf.neg(tf.sum(tf.mul(logProbabilities, onehot), 1))),
    error: tf.div(tf.sub(tf.exp(logProbabilities), onehot), logits.shape[0]),
  };
}

/** A step of the MLP, forwards and backwards by hand with fused products: the fastest that the library's products allow. */
function mlpStep(workload: Workload, layers: readonly TrainedLayer[], x: tf.Tensor2D, onehot: tf.Tensor2D): tf.Scalar {
  const inputs: tf.Tensor2D[] = [x];
  for (const [index, { weight, bias }] of layers.entries())
    inputs.push(
      tf.fused.matMul({
        a: inputs[index],
        b: weight.value,
        bias: bias.value,
        activation: index < layers.length - 1 ? 'relu' : 'linear',
      }) as tf.Tensor2D,
    );
  const { loss, error } = scoreOf(inputs[layers.length], onehot);
  let e = error;
  for (let index = layers.length - 1; index >= 0; index--) {
    const { weight, bias, projection, kernel } = layers[index];
    const [input, g] = [inputs[index], e];
    const back =
      projection && kernel ? { error: tf.matMul(g, projection), through: kernel } : { error: g, through: weight };
    if (index > 0) {
      const message = tf.matMul(back.error, back.through.value, false, true);
      e = tf.mul(message, tf.step(input));
    }
    if (kernel) descend(kernel, tf.matMul(input, back.error, true), workload);
    descend(weight, tf.matMul(input, g, true), workload);
    descend(bias, tf.sum(g, 0), workload);
  }
  return loss;
}

/** A step of the CNN with the library's own gradients. */
function cnnStep(workload: Workload, layers: readonly TrainedLayer[], x: tf.Tensor2D, onehot: tf.Tensor2D): tf.Scalar {
  const [first, second, last] = layers;
  const { value, grads } = tf.variableGrads(() => {
    const image = tf.reshape(x, [-1, 28, 28, 1]) as tf.Tensor4D;
    const a = tf.relu(tf.add(tf.conv2d(image, first.weight.value as tf.Tensor4D, 1, 1), first.bias.value));
    const b = tf.relu(tf.add(tf.conv2d(a as tf.Tensor4D, second.weight.value as tf.Tensor4D, 2, 1), second.bias.value));
    const flat = tf.reshape(b, [x.shape[0], -1]) as tf.Tensor2D;
    const logits = tf.add(tf.matMul(flat, last.weight.value as tf.Tensor2D), last.bias.value) as tf.Tensor2D;
    return scoreOf(logits, onehot).loss;
  });
  for (const { weight, bias } of layers)
    for (const parameter of [weight, bias]) descend(parameter, grads[parameter.value.name], workload);
  return value;
}

async function prepare(backend: string, workload: Workload, start: Start): Promise<Run> {
  setWasmPaths('/bench/node_modules/@tensorflow/tfjs-backend-wasm/dist/');
  if (!(await tf.setBackend(backend))) throw new Error(`tfjs has no backend ${backend} here.`);
  await tf.ready();
  const { batch } = workload.experiment;
  const data = Array.from({ length: batches }, (_, index) => {
    const { x, y } = batchOf(start, batch, index);
    return {
      x: tf.tensor2d(x, [batch, x.length / batch]),
      onehot: tf.oneHot(tf.tensor1d(Int32Array.from(y), 'int32'), start.dataset.classes).toFloat() as tf.Tensor2D,
    };
  });
  const layers = parametersOf(workload, start, 'channels last').map(layerOf);
  const stepOf = workload.id.startsWith('cnn') ? cnnStep : mlpStep;
  let at = 0;
  return {
    async train(steps) {
      await tf.setBackend(backend);
      const losses: tf.Scalar[] = [];
      for (let i = 0; i < steps; i++) {
        const { x, onehot } = data[at++ % batches];
        losses.push(tf.tidy(() => stepOf(workload, layers, x, onehot)));
      }
      const stacked = tf.stack(losses);
      const numbers = await stacked.data();
      tf.dispose([stacked, ...losses]);
      return numbers;
    },
    dispose() {
      tf.disposeVariables();
      tf.dispose(data.flatMap(({ x, onehot }) => [x, onehot]));
      tf.dispose(layers.flatMap(({ projection }) => (projection ? [projection] : [])));
    },
  };
}

export const tfjs: readonly Contestant[] = ['webgpu', 'webgl', 'wasm', 'cpu'].map((backend) => ({
  name: `tfjs ${backend}`,
  prepare: (workload, start) => prepare(backend, workload, start),
}));
