import type { Dataset } from '../data/dataset.ts';
import type { Experiment } from '../model/experiment.ts';
import { defaultsFor } from '../model/fields.ts';
import type { LayerSpec } from '../model/network.ts';
import type { Device } from './device.ts';
import { maskWords } from './kernels/mask.ts';
import { fromReference, toReference } from './layout.ts';
import type { Parameter } from './parameter.ts';
import type { Numbers, Tensor } from './tensor.ts';
import { Trainer } from './trainer.ts';

/** A tensor of a golden file; golden/SCHEMA.md describes them all. */
interface GoldenTensor {
  readonly shape: number[];
  readonly data: number[];
}
type GoldenLayer = Readonly<Record<string, GoldenTensor | null>>;
interface GoldenMetrics {
  readonly angle: number | null;
  readonly ratio: number | null;
}
/** The tensors of the layers with weights, and of the batch norms. */
export interface GoldenState {
  readonly layers: GoldenLayer[];
  readonly bn: GoldenLayer[];
  readonly metrics: GoldenMetrics[];
}
type Op = readonly [string, ...unknown[]];

export interface Golden {
  readonly network: {
    readonly name: string;
    readonly spec: readonly Op[];
    readonly input_shape: number[];
    readonly classes: number;
    readonly batch: number;
  };
  readonly algorithm: {
    readonly name: string;
    readonly density: number;
    readonly expansion?: number;
    readonly wm?: { readonly lam: number; readonly mb: number; readonly sigma: number };
    readonly pal?: {
      readonly lam: number;
      readonly sigma: number;
      readonly alpha_hidden: number;
      readonly alpha_out: number;
    };
  };
  readonly hyper: { readonly lr: number[]; readonly wd: number[]; readonly momentum: number };
  readonly init: GoldenState;
  readonly batches: readonly { readonly x: GoldenTensor; readonly y: number[] }[];
  /** For every step the random numbers of each layer: `M` of brSF, `xi` of WM and PAL. */
  readonly draws: readonly Readonly<Record<string, readonly (GoldenTensor | null)[]>>[];
  readonly steps: readonly {
    readonly loss: number;
    readonly grad_angle: (number | null)[];
    readonly after: GoldenState;
  }[];
}

/** What deviates from a golden file: empty when everything is within its tolerance. */
export type Deviation = string;

/** Replays a golden file on a device, its three steps through the ordinary trainer, and lists what deviates. */
export async function replay(golden: Golden, device: Device, tolerance: number): Promise<Deviation[]> {
  const deviations: Deviation[] = [];
  const check = (what: string, actual: number, expected: number | null | undefined, limit: number): void => {
    const wanted = expected ?? NaN;
    if (Number.isNaN(wanted) ? !Number.isNaN(actual) : !(Math.abs(actual - wanted) <= limit))
      deviations.push(`${what}: ${actual}, not ${wanted}`);
  };
  const trainer = new Trainer(experimentOf(golden, 0), datasetOf(golden), { shuffle: false, injected: true });
  await trainer.prepare(device);
  trainer.restore(startOf(golden, trainer));

  const checkMetrics = async (
    when: string,
    expected: readonly GoldenMetrics[],
    updates?: readonly (number | null)[],
  ): Promise<void> => {
    (await trainer.align()).forEach(([actual], k) => {
      if (updates) return checkAngle(`${when} layer ${k} update`, actual.updateAngle, updates[k]);
      checkAngle(`${when} layer ${k} angle`, actual.angle, expected[k].angle);
      check(`${when} layer ${k} ratio`, actual.ratio, expected[k].ratio, 1e-4);
    });
  };
  // The schema leaves angles below one degree to each implementation's rounding.
  const checkAngle = (what: string, actual: number, expected: number | null): void =>
    check(what, actual, expected, (expected ?? 0) > 1 ? 0.01 : 0.05);

  await checkMetrics('at the start', golden.init.metrics);
  for (const [t, step] of golden.steps.entries()) {
    await trainer.tune(experimentOf(golden, t));
    inject(golden, t, trainer);
    await checkMetrics(`step ${t}`, [], step.grad_angle);
    const [score] = await trainer.train(1);
    check(`step ${t} loss`, score.loss[0], step.loss, tolerance);
    // Derived feedback follows its weight when it is next used; the file has it after the update.
    await trainer.align();
    const snapshot = await trainer.snapshot();
    for (const [name, expected, actual] of tensorsOf(golden, step.after, trainer, snapshot)) {
      if (expected?.data.length !== actual.length)
        deviations.push(`step ${t} ${name}: ${actual.length} numbers, not ${expected?.data.length ?? 'in the file'}`);
      expected?.data.forEach((value, i) => check(`step ${t} ${name}[${i}]`, actual[i], value, tolerance));
    }
    // From here on with the file's running statistics, so that each step is held to what it does by itself.
    for (const [tensor, data] of normsOf(step.after.bn, trainer))
      if (tensor.name.endsWith('running')) trainer.inject(tensor.name, Float64Array.from(data));
    if (t === golden.steps.length - 1) await checkMetrics(`after step ${t}`, step.after.metrics);
  }
  trainer.dispose();
  return deviations;
}

/** Our layer for an op of a golden network, by the op's name. A ReLU behind an op is a property of its layer. */
const layerFor: Readonly<Record<string, (parameters: readonly unknown[], relu: boolean) => LayerSpec>> = {
  linear: ([, outputs], relu) => ({ kind: 'linear', outputs: outputs as number, relu }),
  conv: (parameters, relu) => {
    const [, channels, kernel, stride, padding] = parameters as number[];
    return { kind: 'conv', channels, kernel, stride, padding, bias: parameters[5] as boolean, relu };
  },
  bn: (_, relu) => ({ kind: 'batchnorm', relu }),
  maxpool: ([size]) => pooling('max', size as number),
  avgpool: ([size]) => pooling('avg', size as number),
  gap: () => ({ kind: 'pool', of: 'avg', window: null }),
  flatten: () => ({ kind: 'flatten' }),
  res: ([main]) => ({ kind: 'residual', main: layersOf(main as Op[]), shortcut: 'a', relu: true }),
};

const pooling = (of: 'max' | 'avg', kernel: number): LayerSpec => ({
  kind: 'pool',
  of,
  window: { kernel, stride: kernel, padding: 0 },
});

/** Ops that only choose or move numbers: a ReLU behind one is the same in front of it. */
const choosing: ReadonlySet<string> = new Set(['maxpool', 'flatten', 'relu']);
/** Ops whose layers end in a ReLU where one is asked for. */
const rectifiable: ReadonlySet<string> = new Set(['linear', 'conv', 'bn', 'res']);

function layersOf(ops: readonly Op[]): LayerSpec[] {
  const rectified = ops.flatMap(([name], i) => {
    if (name !== 'relu') return [];
    const before = ops.slice(0, i).findLastIndex(([other]) => !choosing.has(other));
    if (!rectifiable.has(ops[before]?.[0] ?? '')) throw new Error(`No layer for the ReLU of golden op ${i}.`);
    return [before];
  });
  return ops.flatMap(([name, ...parameters], i) => {
    if (name === 'relu') return [];
    const make = layerFor[name];
    if (!make) throw new Error(`No layer for golden op ${name}.`);
    return [make(parameters, rectified.includes(i))];
  });
}

/** Writes the recorded random numbers of step `t` where they would be drawn. */
function inject({ draws, algorithm }: Golden, t: number, trainer: Trainer): void {
  const phase = algorithm.wm ? 'mirror' : 'train';
  for (const [key, layers] of Object.entries(draws[t] ?? {}))
    for (const [k, drawn] of layers.entries()) {
      if (!drawn) continue;
      const { feedback } = trainer.network.weights[k];
      if (feedback[key]) trainer.inject(feedback[key].value.name, fromReference(feedback[key], drawn.data, null));
      else trainer.inject(`${phase}.noise${k}`, channelsLast(drawn));
    }
}

/** A recorded signal with its channels last: (n, c) or (n, c, h, w) as [n][h][w][c]. */
function channelsLast({ shape, data }: GoldenTensor): Float64Array<ArrayBuffer> {
  const [, channels, height = 1, width = 1] = shape;
  const area = height * width;
  const out = new Float64Array(data.length);
  for (let i = 0; i < data.length; i++) {
    const [image, channel, position] = [Math.floor(i / (area * channels)), Math.floor(i / area) % channels, i % area];
    out[(image * area + position) * channels + channel] = data[i];
  }
  return out;
}

function experimentOf({ network, algorithm, hyper }: Golden, t: number): Experiment {
  return {
    ...defaultsFor(algorithm.name),
    // The last op is the output layer, which we add ourselves.
    layers: layersOf(network.spec.slice(0, -1)),
    batch: network.batch,
    expansion: algorithm.expansion ?? 1,
    sparsity: 1 - algorithm.density,
    rate: hyper.lr[t],
    rateDrops: [],
    momentum: hyper.momentum,
    decay: hyper.wd[t],
    earlyDecay: hyper.wd[t],
    ...(algorithm.wm && {
      mirrorRate: algorithm.wm.lam,
      convMirrorRate: algorithm.wm.lam,
      mirrorBatch: algorithm.wm.mb,
      noise: algorithm.wm.sigma,
    }),
    ...(algorithm.pal && {
      mirrorRate: algorithm.pal.lam,
      noise: algorithm.pal.sigma,
      alpha: algorithm.pal.alpha_hidden,
      outputAlpha: algorithm.pal.alpha_out,
    }),
  };
}

/** The three mini-batches as a data set of floats. */
function datasetOf({ network, batches }: Golden): Dataset {
  const [channels, height = 1, width = 1] = network.input_shape;
  const images = new Float32Array(batches.flatMap(({ x }) => [...channelsLast(x)]));
  const split = {
    count: batches.length * network.batch,
    images,
    labels: Uint8Array.from(batches.flatMap(({ y }) => y)),
  };
  const shape = { height, width, channels };
  return {
    id: 'golden',
    name: network.name,
    shape,
    classes: network.classes,
    mean: [0],
    std: [1],
    train: split,
    test: split,
  };
}

/** A tensor of the golden file, null where it has none, beside ours, in the reference's layout. */
type Row = [name: string, expected: Pick<GoldenTensor, 'data'> | null, actual: ArrayLike<number>];

/** All of our tensors at a state of the golden file. */
function tensorsOf(
  golden: Golden,
  { layers, bn }: GoldenState,
  trainer: Trainer,
  snapshot: ReadonlyMap<string, Numbers>,
): Row[] {
  const norms = normsOf(bn, trainer).map(([{ name }, data]): Row => [name, { data }, snapshot.get(name) as Numbers]);
  const weights = trainer.network.weights.flatMap(({ weight, feedback }, k) => {
    const expected = { ...golden.init.layers[k], ...layers[k] };
    // What is redrawn has no value to agree on.
    const parameters = [weight, ...Object.values(feedback)].filter((parameter) => !parameter.redrawn);
    return parameters.flatMap((parameter) => {
      const { weight: numbers, bias } = toReference(parameter, snapshot.get(parameter.value.name) as Numbers);
      const row: Row = [parameter.name, expected[goldenKey(parameter)] ?? null, numbers];
      return bias ? [row, [`${parameter.name} bias`, expected['b'], bias] satisfies Row] : [row];
    });
  });
  return [...weights, ...norms];
}

/** The golden tensors of the batch norms in our layout, two vectors in one tensor. */
function normsOf(bn: readonly GoldenLayer[], { network }: Trainer): [tensor: Tensor, data: number[]][] {
  return network.norms.flatMap(({ scale, running }, j) => {
    const join = (...keys: string[]): number[] => keys.flatMap((key) => bn[j][key]?.data ?? []);
    return [
      [scale.value, join('gamma', 'beta')],
      [running.value, join('running_mean', 'running_var')],
    ];
  });
}

const goldenNames: Readonly<Record<string, string>> = { weight: 'W', feedback: 'fb' };

function goldenKey({ name }: Parameter): string {
  const key = name.split('.').at(-1) as string;
  return goldenNames[key] ?? key;
}

/** The file's initial tensors and masks as a snapshot. */
function startOf({ init }: Golden, trainer: Trainer): Map<string, Numbers> {
  const snapshot = new Map<string, Numbers>();
  const put = (tensor: Tensor | null | undefined, numbers: Numbers): void =>
    void (tensor && snapshot.set(tensor.name, numbers));
  for (const [k, { weight, feedback }] of trainer.network.weights.entries())
    for (const parameter of [weight, ...Object.values(feedback)]) {
      const key = goldenKey(parameter);
      const start = init.layers[k][key];
      if (start) {
        const numbers = fromReference(parameter, start.data, init.layers[k]['b']?.data ?? null);
        put(parameter.value, numbers);
        put(parameter.sparse?.full, numbers);
      }
      const mask = init.layers[k][`mask_${key}`];
      if (mask) put(parameter.sparse?.bits, bitsOf(fromReference(parameter, mask.data, null)));
    }
  for (const [tensor, data] of normsOf(init.bn, trainer)) put(tensor, Float64Array.from(data));
  return snapshot;
}

function bitsOf(kept: ArrayLike<number>): Uint32Array<ArrayBuffer> {
  const bits = new Uint32Array(maskWords(kept.length));
  for (let i = 0; i < kept.length; i++) if (kept[i] !== 0) bits[i >>> 5] |= 1 << (i & 31);
  return bits;
}
