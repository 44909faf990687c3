import { existsSync } from 'node:fs';
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readSafetensors, writeSafetensors } from '../data/safetensors.ts';
import { tinyExperiment } from '../gpu/checkpoint-testing.ts';
import { printExperiment } from '../model/codec.ts';
import type { Summary } from './folder.ts';
import { lab, metricsIn, onCpu, readJson, type Result, start, testFolder } from './lab-testing.ts';

const at = testFolder();

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

    expect(await lab('merge', out, '--out', at('new/all'))).toMatchObject({ status: 0 });
    const [header = '', ...rows] = (await readFile(at('new/all.csv'), 'utf8')).trimEnd().split('\n');
    expect(rows).toHaveLength(12);
    const column = header.split(',').indexOf('accuracy');
    for (const row of rows) expect(Number(row.split(',')[column])).toBeGreaterThan(0);
    expect(header).toMatch(/^run,rule,.*,replica,seed,split,step,epoch,loss,accuracy,layer0\.angle,/);
    const json = await readJson<{ experiment: { rule: string; sparsity: number }; seed: number; step: number }[]>(
      at('new/all.json'),
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

  test('a network that does not fit is told of before the first run starts, and the others are trained', async () => {
    const { status, text, out } = await sweepOf('misfits', { layers: ['8', 'c4k99p0-flat'] }, '--steps', '2');
    expect(status).toBe(1);
    const [refusal, start] = ['2/2 layers=c4k99p0-flat: ', '1/2 layers=8\n'].map((words) => text.indexOf(words));
    expect(refusal).toBeGreaterThanOrEqual(0);
    expect(start).toBeGreaterThan(refusal);
    expect(await readdir(out)).toEqual(['layers=8']);
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
