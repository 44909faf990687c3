import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Dataset, toIdx } from '../data/dataset.ts';
import { datasetFromFiles } from '../data/files.ts';
import { writeIdx } from '../data/idx.ts';
import { readSafetensors, writeSafetensors } from '../data/safetensors.ts';
import { deflate } from '../data/testing.ts';
import { initialise, readCheckpoint, writeCheckpoint } from '../gpu/checkpoint.ts';
import { tinyDataset, tinyExperiment } from '../gpu/checkpoint-testing.ts';
import { cpuDevice } from '../gpu/cpu.ts';
import { Trainer } from '../gpu/trainer.ts';
import { parseExperiment, printExperiment } from '../model/codec.ts';
import type { Metrics } from '../model/metrics.ts';
import { swiftshaderFolder } from './device.ts';
import type { Summary } from './folder.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
let folder = '';
const at = (...names: string[]): string => join(folder, ...names);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lab-'));
  await writeImages(at('bytes'), tinyDataset(), true);
  await writeFile(at('tiny.json'), JSON.stringify(printExperiment(tinyExperiment('pfa'))));
});
afterAll(() => rm(folder, { recursive: true }));

/** The four IDX files, under their official names. */
async function writeImages(path: string, dataset: Dataset, compressed: boolean): Promise<void> {
  await mkdir(path);
  const { trainImages, trainLabels, testImages, testLabels } = toIdx(dataset);
  const files = {
    'train-images-idx3-ubyte': trainImages,
    'train-labels-idx1-ubyte': trainLabels,
    't10k-images-idx3-ubyte': testImages,
    't10k-labels-idx1-ubyte': testLabels,
  };
  for (const [name, array] of Object.entries(files)) {
    const bytes = writeIdx(array);
    await writeFile(join(path, compressed ? `${name}.gz` : name), compressed ? await deflate(bytes) : bytes);
  }
}

interface Result {
  readonly status: number | null;
  readonly text: string;
}

/** `npm run lab -- …` without npm: the very program, in a process of its own. */
function start(words: readonly string[]): { process: ChildProcess; result: Promise<Result> } {
  const child = spawn(process.execPath, ['scripts/run.js', 'src/headless/lab.ts', ...words], { cwd: root });
  let text = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (text += chunk.toString()));
  const result = new Promise<Result>((resolve) => child.on('close', (status) => resolve({ status, text })));
  return { process: child, result };
}

const lab = (...words: string[]): Promise<Result> => start(words).result;
const onCpu = ['--device', 'cpu'];

const readJson = async <T>(path: string): Promise<T> => JSON.parse(await readFile(path, 'utf8')) as T;
const metricsIn = async (path: string): Promise<Metrics[]> =>
  (await readFile(join(path, 'metrics.jsonl'), 'utf8'))
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as Metrics);

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
      dataset: 'Own images',
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
    ['a folder without images', ['train', '--data', '.'], /holds no images. Put the four IDX files/],
    ['a file that is not there', ['train', 'nothing.json'], /nothing\.json cannot be read/],
    ['a run that is not there', ['train', '--resume', '.'], /no step-NNNNNN\.safetensors/],
    ['an unknown command', ['trian'], /no command “trian”[^]*npm run lab -- train/],
  ])('%s is answered with what is wrong', async (_, words, message) => {
    const { status, text } = await lab(...words);
    expect(text).toMatch(message);
    expect(text).not.toMatch(/\n +at /);
    expect(status).toBe(1);
  });
});

describe('sweep and merge', () => {
  test('shards are disjoint, finished runs are skipped, and all are joined', async () => {
    const out = at('sweep');
    const base = { ...printExperiment(tinyExperiment('bp')), replicas: 2 };
    await writeFile(
      at('sweep.json'),
      JSON.stringify({ base, vary: { rule: ['bp', 'pfa', 'fa'], sparsity: [0, 0.5] } }),
    );
    const words = [at('sweep.json'), '--data', at('bytes'), '--steps', '6', '--out', out, ...onCpu];
    for (const [shard, names] of [
      ['1/4', ['rule=bp,sparsity=0', 'rule=fa,sparsity=0']],
      ['2/4', ['rule=bp,sparsity=0.5', 'rule=fa,sparsity=0.5']],
    ] as const) {
      await rm(out, { recursive: true, force: true });
      expect(await lab('sweep', ...words, '--shard', shard)).toMatchObject({ status: 0 });
      expect((await readdir(out)).toSorted()).toEqual(names);
    }
    const { status, text } = await lab('sweep', ...words);
    expect(status).toBe(0);
    expect(text.match(/finished before/g)).toHaveLength(2);
    expect(await readdir(out)).toHaveLength(6);

    expect(await lab('merge', out, '--out', at('all'))).toMatchObject({ status: 0 });
    const [header = '', ...rows] = (await readFile(at('all.csv'), 'utf8')).trimEnd().split('\n');
    expect(rows).toHaveLength(12);
    const column = header.split(',').indexOf('accuracy');
    for (const row of rows) expect(Number(row.split(',')[column])).toBeGreaterThan(0);
    expect(header).toMatch(/^run,rule,.*,replica,seed,split,step,epoch,loss,accuracy,layer0\.angle,/);
    const json = await readJson<{ experiment: { rule: string; sparsity: number }; seed: number; step: number }[]>(
      at('all.json'),
    );
    expect(json.map(({ experiment, seed, step }) => [experiment.rule, experiment.sparsity, seed, step].join())).toEqual(
      ['bp', 'fa', 'pfa'].flatMap((rule) =>
        [0, 0.5].flatMap((sparsity) => [1, 2].map((seed) => `${rule},${sparsity},${seed},6`)),
      ),
    );
    await lab('merge', out, '--out', at('curves'), '--curves');
    // Each network is tested at the start and at the end of an epoch and of the run, and has trained twice before.
    expect(await readJson(at('curves.json'))).toHaveLength(12 * 5);
  });
});

describe('runs of a sweep that share a program train together', () => {
  const base = printExperiment(tinyExperiment('pfa', { replicas: 1 }));
  /** Sweeps the tiny data set; returns what was said and done, and the folder. */
  async function sweepOf(name: string, vary: object, ...words: string[]): Promise<Result & { out: string }> {
    await writeFile(at(`${name}.json`), JSON.stringify({ base, vary }));
    const out = at(`${name}-${words.join('')}`);
    return {
      out,
      ...(await lab('sweep', at(`${name}.json`), '--data', at('bytes'), '--out', out, ...words, ...onCpu)),
    };
  }
  /** Everything that a run leaves behind, but how long it took and in whose company. */
  async function tracesOf(run: string) {
    const { seconds, stepsPerSecond, together, ...summary } = await readJson<Summary>(join(run, 'summary.json'));
    expect(seconds).toBeGreaterThan(0);
    expect(stepsPerSecond).toBeGreaterThan(0);
    const names = (await readdir(run)).filter((name) => name !== 'summary.json').toSorted();
    return { together, traces: { summary, names, files: await Promise.all(names.map((n) => readFile(join(run, n)))) } };
  }

  test('and each leaves, to the byte, what it leaves alone', async () => {
    const vary = { sparsity: [0, 0.5], rate: [0.01, 0.1], earlyEpochs: [0.4, 1], replicas: [1, 2] };
    const words = ['--steps', '7', '--log-every', '3', '--save-every', '4'];
    const [all, each] = [
      await sweepOf('bytes-of', vary, ...words),
      await sweepOf('bytes-of', vary, ...words, '--together', '1'),
    ];
    expect([all.status, each.status]).toEqual([0, 0]);
    const names = (await readdir(all.out)).toSorted();
    expect(names).toHaveLength(16);
    expect((await readdir(each.out)).toSorted()).toEqual(names);
    const companies: number[] = [];
    for (const name of names) {
      const [company, alone] = [await tracesOf(join(all.out, name)), await tracesOf(join(each.out, name))];
      expect(company.traces).toEqual(alone.traces);
      expect(alone.together).toBe(1);
      companies.push(company.together);
    }
    // At most 16 of the 24 networks at once: the first 11 runs have 1 + 2 + 1 + … + 1, the other 5 the rest.
    expect(companies.toSorted((a, b) => b - a)).toEqual([...Array<number>(11).fill(11), ...Array<number>(5).fill(5)]);
  });

  test('one program for each rule and each number of steps', async () => {
    const { status, out } = await sweepOf('programs', { rule: ['bp', 'fa'], epochs: [1, 2], seed: [1, 2, 3] });
    expect(status).toBe(0);
    for (const name of await readdir(out)) {
      const summary = await readJson<Summary>(join(out, name, 'summary.json'));
      expect([summary.together, summary.step]).toEqual([3, name.includes('epochs=2') ? 10 : 5]);
    }
  });

  test('one that diverges ends, and is skipped later; the others go on', async () => {
    const vary = { rate: [0.01, 10], decay: [0, 1], earlyEpochs: [0] };
    const words = ['--steps', '300', '--log-every', '100', '--save-every', '100'];
    const all = await sweepOf('wild', vary, ...words);
    const each = await sweepOf('wild', vary, ...words, '--together', '1');
    expect(all.status).toBe(0);
    const wild = 'rate=10,decay=1,earlyEpochs=0';
    expect(all.text).toContain(`4/4 ${wild}: diverged`);
    for (const name of await readdir(all.out)) {
      const { traces, together } = await tracesOf(join(all.out, name));
      expect(together).toBe(4);
      if (name !== wild) expect(traces).toEqual((await tracesOf(join(each.out, name))).traces);
    }
    const { summary, names } = (await tracesOf(join(all.out, wild))).traces;
    expect(summary.diverged).toBe(true);
    expect(summary.step).toBeLessThan(300);
    const logged = (await metricsIn(join(all.out, wild))).filter(({ split }) => split === 'test');
    expect(logged.at(-1)).toMatchObject({ step: summary.step, loss: null });
    expect(new Set(logged.map(({ step }) => step)).size).toBe(logged.length);
    expect(names.filter((name) => name === 'step-000300.safetensors')).toEqual([]);
    const again = await lab('sweep', at('wild.json'), '--data', at('bytes'), '--out', all.out, ...words, ...onCpu);
    expect(again.text.match(/finished before/g)).toHaveLength(4);
  });

  test('an interrupted group goes on together; what stands elsewhere, or is damaged, is left to itself', async () => {
    const vary = { rate: [0.01, 0.02, 0.05, 0.1] };
    await writeFile(at('cut.json'), JSON.stringify({ base, vary }));
    const [out, words] = [at('cut'), [at('cut.json'), '--data', at('bytes'), '--log-every', '10', ...onCpu]];
    const of = (rate: number, ...names: string[]): string => join(out, `rate=${rate}`, ...names);
    const running = start(['sweep', ...words, '--steps', '900000', '--out', out]);
    while (!existsSync(of(0.01, 'metrics.jsonl')) || (await metricsIn(of(0.01))).length < 10)
      await new Promise((resume) => setTimeout(resume, 20));
    running.process.kill('SIGINT');
    expect((await running.result).status).toBe(130);
    const saved = new Set(
      (await Promise.all(vary.rate.map((rate) => readdir(of(rate))))).flat().filter((name) => name.startsWith('step-')),
    );
    expect(saved.size).toBe(1);
    const [stopped = ''] = saved;

    await rm(of(0.05, stopped));
    await writeFile(of(0.1, stopped), 'damaged');
    const steps = Number(/\d+/.exec(stopped)?.[0]) + 25;
    const { status, text } = await lab('sweep', ...words, '--steps', String(steps), '--out', out);
    expect(status).toBe(1);
    expect(text).toMatch(/4\/4 rate=0\.1: .*step-\d+\.safetensors/);
    const straight = at('uncut');
    await lab('sweep', ...words, '--steps', String(steps), '--out', straight, '--together', '1');
    const end = `step-${String(steps).padStart(6, '0')}.safetensors`;
    for (const rate of vary.rate.slice(0, 3)) {
      expect(await readFile(of(rate, end))).toEqual(await readFile(join(straight, `rate=${rate}`, end)));
      expect((await readJson<Summary>(of(rate, 'summary.json'))).together).toBe(rate < 0.05 ? 2 : 1);
    }

    // A checkpoint that can be read but does not fit: the others of its group do without it.
    const whole = new Uint8Array(await readFile(of(0.02, end)));
    const { tensors, metadata } = readSafetensors('a run', whole, { finite: true });
    tensors.delete('layers.0.B');
    await writeFile(of(0.02, end), writeSafetensors({ tensors, metadata }));
    const more = await lab('sweep', ...words, '--steps', String(steps + 5), '--out', out);
    expect(more.status).toBe(1);
    expect(more.text).toMatch(/3 runs together: .*layers\.0\.B .* is missing\. Going on with each alone\./);
    expect(more.text).toMatch(/2\/4 rate=0\.02: .*layers\.0\.B/);
    for (const rate of [0.01, 0.05])
      expect(await readJson(of(rate, 'summary.json'))).toMatchObject({ step: steps + 5, together: 1 });
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
  const child = spawn(
    process.execPath,
    ['scripts/run.js', 'src/headless/lab.ts', 'train', at('tiny.json'), '--data', at('bytes'), '--out', at('none')],
    { cwd: root, env: { ...process.env, VK_DRIVER_FILES: '/nowhere.json', VK_ICD_FILENAMES: '/nowhere.json' } },
  );
  let text = '';
  child.stderr.on('data', (chunk: Buffer) => (text += chunk.toString()));
  const status = await new Promise((resolve) => child.on('close', resolve));
  expect(text).toMatch(/Dawn finds no GPU here.*apt-get install chromium.*--device cpu/);
  expect(status).toBe(1);
});
