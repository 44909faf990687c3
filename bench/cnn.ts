/**
 * `node scripts/run.js bench/cnn.ts [--rules bp,pfa] [--seeds 6] [--device webgpu|cpu]`: trains the small CNN that the
 * reference has figures of, 600 updates on the first 12,800 images of MNIST, several seeds in one program (`npm run datasets`
 * first), and writes down accuracy, angles and ratios of each. Trains for minutes on a software GPU.
 */
import { parseArgs } from 'node:util';
import type { Dataset } from '../src/data/dataset.ts';
import type { DeviceKind } from '../src/gpu/device.ts';
import { Trainer } from '../src/gpu/trainer.ts';
import { closeDevice, openDevice } from '../src/headless/device.ts';
import { loadImages } from '../src/headless/images.ts';
import type { Experiment } from '../src/model/experiment.ts';
import { defaultsFor } from '../src/model/fields.ts';
import { parseNetwork } from '../src/model/network.ts';

const { values: flags } = parseArgs({
  options: {
    rules: { type: 'string', default: 'bp,pfa' },
    seeds: { type: 'string', default: '6' },
    device: { type: 'string', default: 'webgpu' },
  },
});

const [images, updates] = [12_800, 600];

/** The reference's settings of a rule where they are not the usual ones. */
const settings: Readonly<Record<string, Partial<Experiment>>> = {
  dfa: { rate: 0.002 },
  kp: { earlyDecay: 0.07 },
  pfa: { earlyDecay: 0.07 },
  pfao: { earlyDecay: 0.07 },
};

function beginning(mnist: Dataset): Dataset {
  const { train, shape } = mnist;
  const numbers = images * shape.height * shape.width;
  return {
    ...mnist,
    train: { count: images, images: train.images.slice(0, numbers), labels: train.labels.slice(0, images) },
  };
}

const dataset = beginning(await loadImages('mnist', undefined));
const device = await openDevice(flags.device as DeviceKind, 2 ** 27);
for (const rule of flags.rules.split(',')) {
  const experiment: Experiment = {
    ...defaultsFor(rule),
    layers: parseNetwork('c8k3s2-c16k3s2-flat'),
    rate: 0.02,
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
  console.log(`\n${rule}`);
  for (const [seed, right] of accuracy.entries()) {
    const paths = layers.map((replicas) => `${replicas[seed].angle.toFixed(1)}°/${replicas[seed].ratio.toFixed(2)}`);
    console.log(`${(100 * right).toFixed(1)} %  ${paths.join(' · ')}`);
  }
  trainer.dispose();
}
closeDevice(device);
process.exit(0);
