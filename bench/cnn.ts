/**
 * `node scripts/run.js bench/cnn.ts [--rules bp,pfa] [--seeds 6] [--device webgpu|cpu] [--expected FILE]`: trains the small CNN
 * that the reference has figures of, 600 updates on the first 12,800 images of MNIST, several seeds in one program
 * (`npm run datasets` first), and prints what each rule comes to, with `--expected` beside the reference's lines.
 */
import { parseArgs } from 'node:util';
import type { Dataset } from '../src/data/dataset.ts';
import type { DeviceKind } from '../src/gpu/device.ts';
import { Trainer } from '../src/gpu/trainer.ts';
import { closeDevice, openDevice } from '../src/headless/device.ts';
import { loadImages } from '../src/headless/images.ts';
import type { Experiment } from '../src/model/experiment.ts';
import { parseNetwork } from '../src/model/network.ts';
import { recommended } from '../src/model/presets.ts';
import { expectedUnder, figuresTable, type Figures } from './figures.ts';

const { values: flags } = parseArgs({
  options: {
    rules: { type: 'string', default: 'bp,fa,dfa,usf,frsf,brsf,kp,wm,pal,pfa,pfao' },
    seeds: { type: 'string', default: '6' },
    device: { type: 'string', default: 'webgpu' },
    expected: { type: 'string' },
  },
});

const [images, updates] = [12_800, 600];

/** The reference's settings of a rule on so short a run where they are not the usual ones of this network. */
const settings: Readonly<Record<string, Partial<Experiment>>> = {
  fa: { rate: 0.02 },
  kp: { earlyDecay: 0.07 },
  pfa: { earlyDecay: 0.07 },
  pfao: { earlyDecay: 0.07 },
};

/** What is not defined is null in a table. */
const defined = (value: number): number | null => (Number.isNaN(value) ? null : value);

function beginning(mnist: Dataset): Dataset {
  const { train, shape } = mnist;
  const numbers = images * shape.height * shape.width;
  return {
    ...mnist,
    train: { count: images, images: train.images.slice(0, numbers), labels: train.labels.slice(0, images) },
  };
}

const networks = new Map<string, Figures[]>();
const dataset = beginning(await loadImages('mnist', undefined));
const device = await openDevice(flags.device as DeviceKind, 2 ** 27);
for (const rule of flags.rules.split(',')) {
  const experiment: Experiment = {
    ...recommended(rule, parseNetwork('c8k3s2-c16k3s2-flat')),
    rateDrops: [],
    epochs: 3,
    replicas: Number(flags.seeds),
    ...settings[rule],
  };
  const trainer = new Trainer(experiment, dataset);
  await trainer.prepare(device);
  await trainer.warmUp();
  while (trainer.step < updates) await trainer.train(Math.min(20, trainer.boundary - trainer.step));
  const { accuracy } = await trainer.test();
  const layers = await trainer.align();
  const figures = Array.from(accuracy, (right, seed): Figures => ({
    accuracy: right,
    layers: layers.map((replicas) => {
      const { angle, ratio, updateAngle } = replicas[seed];
      return { angle: defined(angle), ratio: defined(ratio), gradAngle: defined(updateAngle) };
    }),
  }));
  networks.set(rule, figures);
  console.error(rule);
  trainer.dispose();
}
console.log(
  `# Every rule on a small CNN\n\nConv 1→8 3×3 stride 2, ReLU, conv 8→16 3×3 stride 2, ReLU, FC; 600 updates on the first ` +
    `12,800 images of MNIST, on ${device.name}. Layers from input to output, angles in degrees, mean ± standard deviation ` +
    'over seeds. “Expected” is what an independent reference in float32 came to with other random numbers; it has PAL at a ' +
    'rate of 0.02, where ours does not train in five seeds of six: here it is 0.01 (docs/algorithms.md section 5).\n',
);
console.log(figuresTable((rule) => networks.get(rule) ?? [], expectedUnder('CNN, 600 updates', flags.expected)));
closeDevice(device);
process.exit(0);
