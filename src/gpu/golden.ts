import type { Dataset } from '../data/dataset.ts';
import { defaultsFor, type Experiment } from '../model/experiment.ts';
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
type Op = readonly [string, ...unknown[]];

export interface Golden {
  readonly network: {
    readonly name: string;
    readonly spec: readonly Op[];
    readonly input_shape: number[];
    readonly classes: number;
    readonly batch: number;
  };
  readonly algorithm: { readonly name: string; readonly density: number; readonly expansion?: number };
  readonly hyper: { readonly lr: number[]; readonly wd: number[]; readonly momentum: number };
  readonly init: { readonly layers: GoldenLayer[]; readonly metrics: GoldenMetrics[] };
  readonly batches: readonly { readonly x: GoldenTensor; readonly y: number[] }[];
  readonly steps: readonly {
    readonly loss: number;
    readonly grad_angle: (number | null)[];
    readonly after: { readonly layers: GoldenLayer[]; readonly metrics: GoldenMetrics[] };
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
  const trainer = new Trainer(experimentOf(golden, 0), datasetOf(golden), { shuffle: false });
  await trainer.prepare(device);
  trainer.restore(startOf(golden, trainer));

  const checkMetrics = async (
    when: string,
    expected: readonly GoldenMetrics[],
    updates?: readonly (number | null)[],
  ): Promise<void> => {
    (await trainer.align()).forEach(([actual], k) => {
      if (updates) return checkAngle(`${when} layer ${k} update`, actual.update, updates[k]);
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
    await checkMetrics(`step ${t}`, [], step.grad_angle);
    const [score] = await trainer.train(1);
    check(`step ${t} loss`, score.loss[0], step.loss, tolerance);
    // Derived feedback follows its weight when it is next used; the file has it after the update.
    await trainer.align();
    const snapshot = await trainer.snapshot();
    for (const [name, expected, actual] of tensorsOf(golden, step.after.layers, trainer, snapshot))
      expected.data.forEach((value, i) => check(`step ${t} ${name}[${i}]`, actual[i], value, tolerance));
    if (t === golden.steps.length - 1) await checkMetrics(`after step ${t}`, step.after.metrics);
  }
  trainer.dispose();
  return deviations;
}

/** Our layers for the ops of a golden network; the last one is the output layer, which we add ourselves. */
function layersOf(spec: readonly Op[]): LayerSpec[] {
  const layers: LayerSpec[] = [];
  for (const [i, [kind, ...parameters]] of spec.slice(0, -1).entries()) {
    const relu = spec[i + 1][0] === 'relu';
    if (kind === 'linear') layers.push({ kind: 'linear', outputs: parameters[1] as number, relu });
    else if (kind !== 'relu') throw new Error(`No layer for golden op ${kind}.`);
  }
  return layers;
}

function experimentOf({ network, algorithm, hyper }: Golden, t: number): Experiment {
  return {
    ...defaultsFor(algorithm.name),
    layers: layersOf(network.spec),
    batch: network.batch,
    expansion: algorithm.expansion ?? 1,
    sparsity: 1 - algorithm.density,
    rate: hyper.lr[t],
    rateDrops: [],
    momentum: hyper.momentum,
    decay: hyper.wd[t],
    earlyDecay: hyper.wd[t],
  };
}

/** The three mini-batches as a data set of floats. */
function datasetOf({ network, batches }: Golden): Dataset {
  const [channels, height = 1, width = 1] = network.input_shape;
  const planar = batches.flatMap(({ x }) => x.data);
  const images = new Float32Array(planar.length);
  const area = height * width;
  // Channels come first in the file and last with us.
  for (let i = 0; i < planar.length; i++) {
    const [image, channel, position] = [Math.floor(i / (area * channels)), Math.floor(i / area) % channels, i % area];
    images[(image * area + position) * channels + channel] = planar[i];
  }
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

/** The golden tensors of a list of layers beside ours, in the reference's layout. */
function tensorsOf(
  golden: Golden,
  layers: readonly GoldenLayer[],
  trainer: Trainer,
  snapshot: ReadonlyMap<string, Numbers>,
): [name: string, expected: GoldenTensor, actual: ArrayLike<number>][] {
  return trainer.network.weights.flatMap(({ weight, feedback }, k) => {
    const expected = { ...golden.init.layers[k], ...layers[k] };
    const rows: [string, GoldenTensor | null | undefined, ArrayLike<number> | null][] = [
      weight,
      ...Object.values(feedback),
    ].flatMap((parameter) => {
      const { weight: numbers, bias } = toReference(parameter, snapshot.get(parameter.value.name) as Numbers);
      const key = goldenKey(parameter);
      return [
        [parameter.name, expected[key], numbers],
        [`${parameter.name} bias`, key === 'W' ? expected['b'] : null, bias],
      ];
    });
    return rows.filter((row): row is [string, GoldenTensor, ArrayLike<number>] => Boolean(row[1] && row[2]));
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
  return snapshot;
}

function bitsOf(kept: ArrayLike<number>): Uint32Array<ArrayBuffer> {
  const bits = new Uint32Array(maskWords(kept.length));
  for (let i = 0; i < kept.length; i++) if (kept[i] !== 0) bits[i >>> 5] |= 1 << (i & 31);
  return bits;
}
