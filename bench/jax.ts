import { defaultDevice, init, jit, lax, nn, numpy as np, valueAndGrad, type Device } from '@jax-js/jax';
import { parametersOf, type Block, type Layer } from './parameters.ts';
import { batches, batchOf, type Contestant, type Run, type Start, type Workload } from './workload.ts';

/** Everything that a step takes and gives back: values and velocities of the same shapes. jax-js consumes what it is given. */
type Weights = { value: np.Array[]; velocity: np.Array[] };

const arrayOf = ({ numbers, shape }: Block): np.Array => np.array(numbers).reshape(shape);

const relu = (z: np.Array): np.Array => nn.relu(z);

function lossOf(logits: np.Array, onehot: np.Array): np.Array {
  return nn.logSoftmax(logits).mul(onehot).sum(1).mean().neg();
}

/** Logits of the MLP. Consumes its arguments. */
function mlp([w1, b1, w2, b2, w3, b3]: np.Array[], x: np.Array): np.Array {
  const h1 = relu(np.matmul(x, w1).add(b1));
  const h2 = relu(np.matmul(h1, w2).add(b2));
  return np.matmul(h2, w3).add(b3);
}

function cnn([w1, b1, w2, b2, w3, b3]: np.Array[], x: np.Array): np.Array {
  const image = x.reshape([-1, 1, 28, 28]);
  const pad: [number, number][] = [
    [1, 1],
    [1, 1],
  ];
  const a = relu(lax.convGeneralDilated(image, w1, [1, 1], pad).add(b1.reshape([1, -1, 1, 1])));
  const b = relu(lax.convGeneralDilated(a, w2, [2, 2], pad).add(b2.reshape([1, -1, 1, 1])));
  return np.matmul(b.reshape([-1, 14 * 14 * 32]), w3).add(b3);
}

/** v ← µv + g + λw, w ← w - ηv, for all parameters. */
function descend({ value, velocity }: Weights, gradients: np.Array[], { experiment }: Workload): Weights {
  const next: Weights = { value: [], velocity: [] };
  for (const [i, w] of value.entries()) {
    const v = velocity[i].mul(experiment.momentum).add(gradients[i]).add(w.ref.mul(experiment.decay));
    next.velocity.push(v.ref);
    next.value.push(w.sub(v.mul(experiment.rate)));
  }
  return next;
}

type Step = (weights: Weights, x: np.Array, onehot: np.Array) => [np.Array, Weights];

/** A step with the library's own gradients. */
function bpStep(workload: Workload): Step {
  const network = workload.id.startsWith('cnn') ? cnn : mlp;
  const graded = valueAndGrad((value: np.Array[], x: np.Array, onehot: np.Array) => lossOf(network(value, x), onehot));
  return (weights, x, onehot) => {
    const [loss, gradients] = graded(
      weights.value.map((array) => array.ref),
      x,
      onehot,
    );
    return [loss, descend(weights, gradients, workload)];
  };
}

/** A step of the MLP under PFA, by hand; the parameters are w1, b1, w2, b2, w3, b3, R1, R2, R3. */
function pfaStep(workload: Workload, projections: readonly np.Array[]): Step {
  return (weights, x, onehot) => {
    const value = weights.value.map((array) => array.ref);
    const [w1, b1, w2, b2, w3, b3, r1, r2, r3] = value;
    const h1 = relu(np.matmul(x.ref, w1).add(b1));
    const h2 = relu(np.matmul(h1.ref, w2).add(b2));
    const logits = np.matmul(h2.ref, w3).add(b3);
    const loss = lossOf(logits.ref, onehot.ref);
    const g3 = nn.softmax(logits).sub(onehot).div(workload.experiment.batch);
    const [e3, m3] = back(g3.ref, projections[2].ref, r3);
    const g2 = m3.mul(np.where(h2.ref.greater(0), 1, 0));
    const [e2, m2] = back(g2.ref, projections[1].ref, r2);
    const g1 = m2.mul(np.where(h1.ref.greater(0), 1, 0));
    const e1 = np.matmul(g1.ref, projections[0].ref);
    r1.dispose();
    const update = (input: np.Array, error: np.Array): np.Array => np.matmul(np.matrixTranspose(input), error);
    const gradients = [
      update(x.ref, g1.ref),
      g1.sum(0),
      update(h1.ref, g2.ref),
      g2.sum(0),
      update(h2.ref, g3.ref),
      g3.sum(0),
      update(x, e1),
      update(h1, e2),
      update(h2, e3),
    ];
    return [loss, descend(weights, gradients, workload)];
  };
}

/** ē = g B, and its message ē Rᵀ. */
function back(g: np.Array, projection: np.Array, kernel: np.Array): [np.Array, np.Array] {
  const error = np.matmul(g, projection);
  return [error.ref, np.matmul(error, np.matrixTranspose(kernel))];
}

async function prepare(device: Device, workload: Workload, start: Start): Promise<Run> {
  const devices = await init();
  if (!devices.includes(device)) throw new Error(`jax-js has no ${device} here.`);
  defaultDevice(device);
  const layers = parametersOf(workload, start, 'channels first');
  const blocks = [
    ...layers.flatMap(({ weight, bias }: Layer) => [weight, bias]),
    ...layers.flatMap(({ kernel }) => (kernel ? [kernel] : [])),
  ];
  const projections = layers.flatMap(({ projection }) => (projection ? [arrayOf(projection)] : []));
  const { batch } = workload.experiment;
  const data = Array.from({ length: batches }, (_, index) => {
    const { x, y } = batchOf(start, batch, index);
    const onehot = new Float32Array(batch * start.dataset.classes);
    for (const [i, label] of y.entries()) onehot[i * start.dataset.classes + label] = 1;
    return {
      x: np.array(x).reshape([batch, x.length / batch]),
      onehot: np.array(onehot).reshape([batch, start.dataset.classes]),
    };
  });
  let weights: Weights = {
    value: blocks.map(arrayOf),
    velocity: blocks.map(({ shape }) => np.zeros(shape)),
  };
  // What is fixed goes in as an argument, too: as a constant it would be inlined where jit sees fit.
  const step = jit((current: Weights, x: np.Array, onehot: np.Array, fixed: np.Array[]) =>
    (fixed.length > 0 ? pfaStep(workload, fixed) : bpStep(workload))(current, x, onehot),
  );
  let at = 0;
  return {
    async train(steps) {
      defaultDevice(device);
      const losses: np.Array[] = [];
      for (let i = 0; i < steps; i++) {
        const { x, onehot } = data[at++ % batches];
        const [loss, next] = step(
          weights,
          x.ref,
          onehot.ref,
          projections.map((projection) => projection.ref),
        );
        weights = next;
        losses.push(loss);
      }
      const numbers = (await np.stack(losses).data()) as Float32Array;
      // The last loss does not wait for the last update.
      await weights.value[0].blockUntilReady();
      return numbers;
    },
    dispose() {
      for (const array of [...weights.value, ...weights.velocity, ...projections]) array.dispose();
      for (const { x, onehot } of data) {
        x.dispose();
        onehot.dispose();
      }
    },
  };
}

export const jax: readonly Contestant[] = (['webgpu', 'wasm'] as const).map((device) => ({
  name: `jax-js ${device}`,
  prepare: (workload, start) => prepare(device, workload, start),
}));
