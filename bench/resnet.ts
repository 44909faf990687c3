/**
 * `node scripts/run.js bench/resnet.ts --data DIR [--width 4] [--batch 16] [--steps 300] [--rate R] [--rules bp,pfa,fa]
 * [--device webgpu|cpu]`: trains ResNet-20 with BP, PFA and FA on CIFAR-10 or a part of it, from the same weights on the
 * same images, and says what the loss and the angles do. Ends with an error if a rule does not learn, or PFA's path does
 * not come to W.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { cifarFiles, parseCifar } from '../src/data/cifar.ts';
import type { Dataset } from '../src/data/dataset.ts';
import { type Device, type DeviceKind, deviceKinds } from '../src/gpu/device.ts';
import { Trainer } from '../src/gpu/trainer.ts';
import { closeDevice, openDevice } from '../src/headless/device.ts';
import type { Experiment } from '../src/model/experiment.ts';
import { defaultsFor } from '../src/model/fields.ts';
import { parseNetwork } from '../src/model/network.ts';
import { resnet20 } from '../src/model/presets.ts';
import { trainOn } from './ours.ts';

const { values: flags } = parseArgs({
  options: {
    width: { type: 'string', default: '4' },
    batch: { type: 'string', default: '16' },
    steps: { type: 'string', default: '300' },
    rate: { type: 'string' },
    rules: { type: 'string', default: 'bp,pfa,fa' },
    device: { type: 'string', default: 'webgpu' },
    data: { type: 'string' },
  },
});

/** Learning rates, where --rate gives none. At BP's rate FA does not learn: its loss rose from 2.83 to 3.04. */
const rates: Readonly<Record<string, number>> = { bp: 0.05, pfa: 0.05, fa: 0.01 };
/** Where a rule's path has to stand at the end, in degrees: PFA's far below, FA's near the 90 of a random one. */
const limits: Readonly<Record<string, readonly [least: number, most: number]>> = { pfa: [0, 45], fa: [75, 105] };
const rows = 6;

/** What came of one rule. */
interface Outcome {
  readonly rule: string;
  /** Mean loss of each of `rows` equal parts of the run. */
  readonly losses: readonly number[];
  /** Mean of the path's angle over all layers after each part, and of each layer at the end, in degrees. */
  readonly angles: readonly number[];
  readonly layers: readonly number[];
  readonly accuracy: number;
  readonly stepMilliseconds: number;
  readonly bytes: number;
}

const mean = (numbers: readonly number[]): number => numbers.reduce((sum, value) => sum + value, 0) / numbers.length;

function experimentFor(rule: string): Experiment {
  const [steps, rate] = [Number(flags.steps), Number(flags.rate ?? rates[rule] ?? 0.05)];
  const usual = defaultsFor(rule);
  // Strong enough to forget most of the random start within the run (algorithms.md section 3).
  const forgetting = (3 * (1 - usual.momentum)) / (rate * steps);
  return {
    ...usual,
    dataset: 'cifar-10',
    augment: 'crop-flip',
    layers: parseNetwork(resnet20(Number(flags.width))),
    batch: Number(flags.batch),
    rate,
    rateDrops: [],
    earlyDecay: usual.earlyDecay > usual.decay ? forgetting : usual.decay,
    earlyEpochs: 100,
  };
}

async function run(rule: string, dataset: Dataset): Promise<Outcome> {
  const trainer = new Trainer(experimentFor(rule), dataset);
  const device: Device = await openDevice(flags.device as DeviceKind, trainer.largestBytes);
  await trainer.prepare(device);
  const part = Math.ceil(Number(flags.steps) / rows);
  const losses: number[] = [];
  const angles: number[] = [];
  let layers: number[] = [];
  let milliseconds = 0;
  for (let row = 0; row < rows; row++) {
    const start = performance.now();
    const scores = await trainOn(trainer, part);
    milliseconds += performance.now() - start;
    layers = (await trainer.align()).map(([alignment]) => alignment.angle);
    losses.push(mean(scores.map(({ loss }) => loss[0])));
    angles.push(mean(layers));
    console.log(
      `${rule.padEnd(4)} step ${trainer.step}: loss ${losses[row].toFixed(3)}, path ${angles[row].toFixed(1)}°`,
    );
  }
  const accuracy = (await trainer.test()).accuracy[0];
  console.log(`${rule.padEnd(4)} on ${device.name}: ${(milliseconds / part / rows).toFixed(1)} ms a step`);
  trainer.dispose();
  closeDevice(device);
  return {
    rule,
    losses,
    angles,
    layers,
    accuracy,
    stepMilliseconds: milliseconds / part / rows,
    bytes: trainer.bytes,
  };
}

if (!deviceKinds.includes(flags.device as DeviceKind)) throw new Error(`--device is one of ${deviceKinds.join(', ')}.`);
const { data: folder } = flags;
if (folder === undefined)
  throw new Error(`Say where CIFAR-10 lies, or a part of it: --data DIR, with ${cifarFiles.join(', ')} in it.`);
const files = await Promise.all(
  cifarFiles.map(async (name) => [name, new Uint8Array(await readFile(join(folder, name)))] as const),
);
const dataset = parseCifar(new Map(files));
console.log(`ResNet-20, width ${flags.width}, batch ${flags.batch}; ${dataset.train.count} images.\n`);

const outcomes: Outcome[] = [];
for (const rule of flags.rules.split(',')) outcomes.push(await run(rule, dataset));

console.log('\n| rule | loss, first to last part | test accuracy % | mean path angle ° | ms a step | MiB |');
console.log('|---|---|---|---|---|---|');
for (const { rule, losses, angles, accuracy, stepMilliseconds, bytes } of outcomes)
  console.log(
    `| ${rule} | ${losses.map((loss) => loss.toFixed(2)).join(' ')} | ${(100 * accuracy).toFixed(1)} | ` +
      `${angles.map((angle) => angle.toFixed(1)).join(' ')} | ${stepMilliseconds.toFixed(0)} | ${Math.ceil(bytes / 2 ** 20)} |`,
  );
for (const { rule, layers } of outcomes)
  console.log(`\n${rule}, path angle by layer: ${layers.map((angle) => angle.toFixed(1)).join(' ')}`);

for (const { rule, losses } of outcomes)
  if (!(losses[rows - 1] < losses[0])) throw new Error(`${rule} does not learn: its loss does not fall.`);
for (const { rule, angles } of outcomes) {
  const [least, most] = limits[rule] ?? [0, 180];
  const angle = angles[rows - 1];
  if (!(angle >= least && angle <= most))
    throw new Error(`${rule}'s path stands at ${angle}°, and not between ${least}° and ${most}°.`);
}
