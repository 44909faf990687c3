import { existsSync } from 'node:fs';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { datasetFromFiles } from '../data/files.ts';
import { readSafetensors, writeSafetensors } from '../data/safetensors.ts';
import { readCheckpoint } from '../gpu/checkpoint.ts';
import { initialise, writeCheckpoint } from '../gpu/checkpoint-state.ts';
import { tinyDataset, tinyExperiment } from '../gpu/checkpoint-testing.ts';
import { cpuDevice } from '../gpu/cpu.ts';
import { Trainer } from '../gpu/trainer.ts';
import { parseExperiment } from '../model/codec.ts';
import { swiftshaderFolder } from './device.ts';
import type { Summary } from './folder.ts';
import { lab, metricsIn, onCpu, readJson, start, testFolder, writeImages } from './lab-testing.ts';

const at = testFolder();

describe('train', () => {
  test('writes metrics at each log point, checkpoints, the experiment and a summary', async () => {
    const out = at('run');
    const words = [
      '--data',
      at('bytes'),
      '--set',
      'rate=0.05',
      '--epochs',
      '2',
      '--log-every',
      '4',
      '--save-every',
      '5',
    ];
    const { status, text } = await lab('train', at('tiny.json'), ...words, '--out', out, ...onCpu);
    expect(text).toContain(`Done: ${out}`);
    expect(status).toBe(0);
    expect((await readdir(out)).toSorted()).toEqual([
      'experiment.json',
      'metrics.jsonl',
      'step-000005.safetensors',
      'step-000010.safetensors',
      'summary.json',
    ]);
    const experiment = tinyExperiment('pfa', { rate: 0.05, epochs: 2 });
    expect(parseExperiment(await readJson(join(out, 'experiment.json')))).toEqual({ experiment, notices: [] });

    const lines = await metricsIn(out);
    expect(lines.map(({ step, split, replica, seed }) => [step, split, replica, seed].join(' '))).toEqual(
      [0, 4, 8, 10].flatMap((step) =>
        (step === 0 ? ['test'] : ['train', 'test']).flatMap((split) => [
          `${step} ${split} 0 1`,
          `${step} ${split} 1 2`,
        ]),
      ),
    );
    for (const { step, epoch, loss, accuracy, layers } of lines) {
      expect(epoch).toBe(step / 5);
      expect(loss).toBeGreaterThan(0);
      expect(accuracy).toBeGreaterThanOrEqual(0);
      expect(layers).toHaveLength(2);
      for (const { angle, ratio, gradAngle } of layers) {
        expect(angle).toBeGreaterThan(0);
        expect(ratio).toBeGreaterThan(0);
        expect(gradAngle).toBeGreaterThanOrEqual(0);
      }
    }
    const summary = await readJson<Summary>(join(out, 'summary.json'));
    expect(summary).toMatchObject({
      step: 10,
      epoch: 2,
      diverged: false,
      device: { kind: 'cpu' },
      dataset: 'Your images',
    });
    expect(summary.results).toEqual(lines.slice(-2));

    const again = await lab('train', at('tiny.json'), '--out', out, ...onCpu);
    expect(again).toEqual({ status: 1, text: expect.stringContaining(`--resume ${out}`) as string });
  });

  test('Ctrl-C saves and says how to go on, which ends with the bits of a run that was never stopped', async () => {
    const [out, straight] = [at('stopped'), at('straight')];
    const words = [at('tiny.json'), '--data', at('bytes'), '--log-every', '10', ...onCpu];
    const running = start(['train', ...words, '--steps', '900000', '--out', out]);
    while (!existsSync(out) || !existsSync(join(out, 'metrics.jsonl')) || (await metricsIn(out)).length < 10)
      await new Promise((resume) => setTimeout(resume, 20));
    running.process.kill('SIGINT');
    const { status, text } = await running.result;
    expect(status).toBe(130);
    expect(text).toContain(`npm run lab -- train --resume ${out} --data ${at('bytes')} --steps 900000 --log-every 10`);
    expect(existsSync(join(out, 'summary.json'))).toBe(false);

    const [last = ''] = (await readdir(out)).filter((name) => name.startsWith('step-'));
    const steps = String(Number(/\d+/.exec(last)?.[0]) + 25);
    const shared = ['--data', at('bytes'), '--log-every', '10', '--steps', steps, ...onCpu];
    expect(await lab('train', '--resume', out, ...shared)).toMatchObject({ status: 0 });
    expect(await lab('train', at('tiny.json'), ...shared, '--out', straight)).toMatchObject({ status: 0 });
    const name = `step-${steps.padStart(6, '0')}.safetensors`;
    expect(await readFile(join(out, name))).toEqual(await readFile(join(straight, name)));
    const tested = async (path: string) => (await metricsIn(path)).filter(({ split }) => split === 'test');
    expect(await tested(out)).toEqual(await tested(straight));
  });

  test('--resume of an earlier checkpoint takes back what came after it; --out of another run is refused', async () => {
    const out = at('branch');
    const words = ['--data', at('bytes'), '--save-every', '4', ...onCpu];
    expect(await lab('train', at('tiny.json'), ...words, '--steps', '12', '--out', out)).toMatchObject({ status: 0 });
    const early = join(out, 'step-000004.safetensors');
    const branch = await lab('train', '--resume', early, ...words, '--steps', '8', '--set', 'rate=0.001');
    expect(branch).toMatchObject({ status: 0 });
    const saved = (await readdir(out)).filter((name) => name.startsWith('step-')).toSorted();
    expect(saved).toEqual(['step-000004.safetensors', 'step-000008.safetensors']);

    const other = at('other');
    expect(await lab('train', at('tiny.json'), ...words, '--steps', '4', '--out', other)).toMatchObject({ status: 0 });
    const refused = await lab('train', '--resume', out, ...words, '--steps', '12', '--out', other);
    expect(refused).toMatchObject({ status: 1, text: expect.stringContaining('holds a run') as string });
    expect(existsSync(join(other, 'summary.json'))).toBe(true);
  });

  test('--resume goes on with another sparsity, and with the seeds that have not diverged', async () => {
    const [out, words] = [at('changed'), ['--data', at('bytes'), ...onCpu]];
    const tensorsAt = async (step: number) =>
      readSafetensors('a run', new Uint8Array(await readFile(join(out, `step-00000${step}.safetensors`))), {
        finite: false,
      });
    expect(await lab('train', at('tiny.json'), ...words, '--steps', '4', '--out', out)).toMatchObject({ status: 0 });
    const { tensors, metadata } = await tensorsAt(4);
    const weights = tensors.get('layers.0.weight')?.data;
    weights?.fill(NaN, weights.length / 2);
    await writeFile(join(out, 'step-000004.safetensors'), writeSafetensors({ tensors, metadata }));

    const sparser = await lab('train', '--resume', out, ...words, '--steps', '8', '--set', 'sparsity=0.5');
    expect(sparser).toMatchObject({ status: 0 });
    const after = (await tensorsAt(8)).tensors;
    for (const name of ['layers.0.B', 'layers.0.R']) {
      const numbers = [...(after.get(name)?.data ?? [])];
      const kept = numbers.filter((value) => value !== 0).length / numbers.length;
      expect(kept).toBeGreaterThan(0.4);
      expect(kept).toBeLessThan(0.6);
    }
    expect(await lab('train', '--resume', out, ...words, '--steps', '9')).toMatchObject({ status: 0 });
    const ends = (await metricsIn(out)).filter(({ split, step }) => split === 'test' && step >= 8);
    expect(ends.map(({ step, replica, loss }) => [step, replica, loss !== null])).toEqual([
      [8, 0, true],
      [8, 1, false],
      [9, 0, true],
      [9, 1, false],
    ]);
  });

  test('a run that diverges has a status of its own, so that no script goes on with it', async () => {
    const words = [at('tiny.json'), '--data', at('bytes'), '--set', 'rate=10', '--set', 'decay=1', '--steps', '300'];
    const { status, text } = await lab('train', ...words, '--out', at('diverged'), ...onCpu);
    expect(text).toContain('Lower the learning rate');
    expect(status).toBe(3);
  });

  test.each([
    [['tiny.json'], /can be no folder \S+tiny\.json: there is a file of this name\. .*--out/],
    [['tiny.json', 'run'], /can be no folder \S+run: a part of this path is a file\. .*--out/],
  ])('a file in the way of the results, %j, is named', async (place, message) => {
    const { status, text } = await lab(
      'train',
      at('tiny.json'),
      '--data',
      at('bytes'),
      '--out',
      at(...place),
      ...onCpu,
    );
    expect(text).toMatch(message);
    expect(text).not.toMatch(/\n +at /);
    expect(status).toBe(1);
  });

  test('floats as they are, in their order, from the weights of somebody else', async () => {
    const images = (count: number): Float32Array =>
      Float32Array.from({ length: count * 16 }, (_, i) => Math.sin(i * i));
    const { train: a, test: b, ...rest } = tinyDataset();
    const floats = { ...rest, train: { ...a, images: images(40) }, test: { ...b, images: images(12) } };
    await writeImages(at('floats'), floats, false);
    const weight = { shape: [6, 16], data: Float32Array.from({ length: 96 }, (_, i) => Math.cos(i) / 4) };
    const init = writeSafetensors({ tensors: new Map([['layers.0.weight', weight]]), metadata: new Map() });
    await writeFile(at('weights.safetensors'), init);
    const words = ['--data', at('floats'), '--init', at('weights.safetensors'), '--no-shuffle', '--steps', '7'];
    expect(await lab('train', at('tiny.json'), ...words, '--out', at('own'), '--quiet', ...onCpu)).toEqual({
      status: 0,
      text: '',
    });

    const files = (await readdir(at('floats'))).map(async (name) => {
      return { name, bytes: new Uint8Array(await readFile(at('floats', name))) };
    });
    const trainer = new Trainer(tinyExperiment('pfa'), await datasetFromFiles(await Promise.all(files)), {
      shuffle: false,
    });
    await trainer.prepare(cpuDevice());
    await initialise(trainer, readCheckpoint('weights', init));
    await trainer.train(5);
    await trainer.train(2);
    const [ours, its] = [
      await writeCheckpoint(trainer),
      new Uint8Array(await readFile(at('own/step-000007.safetensors'))),
    ];
    const tensors = (bytes: Uint8Array<ArrayBuffer>) => readSafetensors('a run', bytes, { finite: true }).tensors;
    expect(tensors(its)).toEqual(tensors(ours));
  });

  test.each<[string, string[], RegExp]>([
    ['an unknown flag', ['train', '--speed', '9'], /'--speed'.*--help/],
    ['images of one’s own without a folder', ['train', '--set', 'dataset=own'], /Say which: --data DIR/],
    ['a folder without images', ['train', '--data', '.'], /holds no images. Put the four IDX files/],
    ['a file that is not there', ['train', 'nothing.json'], /nothing\.json cannot be read/],
    ['a run that is not there', ['train', '--resume', '.'], /no step-NNNNNN\.safetensors/],
    ['a file in place of runs', ['merge', 'package.json'], /no folder package\.json\. Give the folders that train/],
    ['an unknown command', ['trian'], /no command “trian”[^]*npm run lab -- train/],
  ])('%s is answered with what is wrong', async (_, words, message) => {
    const { status, text } = await lab(...words);
    expect(text).toMatch(message);
    expect(text).not.toMatch(/\n +at /);
    expect(status).toBe(1);
  });
});
// Dawn needs a GPU, or a Chrome or Chromium that brings SwiftShader.
test.skipIf(swiftshaderFolder() === undefined)('the same commands run on Dawn', async () => {
  const words = [at('tiny.json'), '--data', at('bytes'), '--steps', '7'];
  const [onDawn, plain] = [at('dawn'), at('plain')];
  const dawn = await lab('train', ...words, '--out', onDawn);
  expect(dawn.text).toContain(`Done: ${onDawn}`);
  expect(dawn.status).toBe(0);
  expect(await lab('train', ...words, '--out', plain, ...onCpu)).toMatchObject({ status: 0 });
  const last = async (path: string): Promise<number> =>
    (await readJson<Summary>(join(path, 'summary.json'))).results[0]?.loss ?? NaN;
  expect(await last(onDawn)).toBeCloseTo(await last(plain), 4);
});

// Elsewhere Dawn does not go by Vulkan, and there is no way to hide the GPU from it.
test.skipIf(process.platform !== 'linux')('without a GPU and without SwiftShader it says what to install', async () => {
  const words = ['train', at('tiny.json'), '--data', at('bytes'), '--out', at('none')];
  const nowhere = '/nowhere.json';
  const { status, text } = await start(words, { VK_DRIVER_FILES: nowhere, VK_ICD_FILENAMES: nowhere }).result;
  expect(text).toMatch(/Dawn finds no GPU here.*apt-get install chromium.*--device cpu/);
  expect(status).toBe(1);
});
