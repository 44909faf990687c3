import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Dataset } from '../data/dataset.ts';
import type { Experiment } from '../model/experiment.ts';
import { parseNetwork } from '../model/network.ts';
import { cpuDevice } from './cpu.ts';
import { isKept } from './kernels/mask.ts';
import { cases, datasetOf, experimentOf, schedule, steps, type Case } from './networks-testing.ts';
import type { WeightLayer } from './operator.ts';
import type { Numbers } from './tensor.ts';
import { Trainer } from './trainer.ts';

/** The exact invariants of algorithms.md section 8, on random networks, data and schedules, in float64. */

/** c_t: how much of the initial mismatch is left after each step. */
const leftover = ((): number[] => {
  let c = 1;
  let u = 0;
  return schedule.rates.map((rate, t) => {
    u = schedule.momentum * u + schedule.decays[t] * c;
    c -= rate * u;
    return c;
  });
})();

type Snapshot = ReadonlyMap<string, Numbers>;
type Visit = (trainer: Trainer, snapshot: Snapshot, t: number) => void;

/** Trains `steps` steps; `visit` sees the state before the first (t = -1) and after each. */
async function run(
  rule: string,
  shape: Case,
  visit: Visit,
  change: Partial<Experiment> = {},
  dataset = datasetOf(shape),
): Promise<Snapshot> {
  const trainer = new Trainer(experimentOf(rule, shape, 0, change), dataset);
  await trainer.prepare(cpuDevice('float64'));
  let snapshot = await trainer.snapshot();
  visit(trainer, snapshot, -1);
  for (let t = 0; t < steps; t++) {
    await trainer.tune(experimentOf(rule, shape, t, change));
    await trainer.train(1);
    snapshot = await trainer.snapshot();
    visit(trainer, snapshot, t);
  }
  return snapshot;
}

const weightsOf = (layer: WeightLayer, snapshot: Snapshot): Numbers =>
  (snapshot.get(layer.weight.name) as Numbers).subarray(0, layer.weight.rows * layer.weight.columns);
const feedbackOf = (layer: WeightLayer, key: string, snapshot: Snapshot): Numbers =>
  snapshot.get(layer.feedback[key].name) as Numbers;

/** a[m,k] b[k,n], or a[m,k] b[n,k]ᵀ. */
function multiply(a: Numbers, b: Numbers, m: number, k: number, n: number, transposed = false): Float64Array {
  const c = new Float64Array(m * n);
  for (let i = 0; i < m; i++)
    for (let j = 0; j < n; j++)
      for (let l = 0; l < k; l++) c[i * n + j] += a[i * k + l] * b[transposed ? j * k + l : l * n + j];
  return c;
}

/** What a mismatch is for a rule, layer by layer; it must shrink by c_t and nothing else. */
async function shrinks(rule: string, shape: Case, mismatch: (layer: WeightLayer, snapshot: Snapshot) => Float64Array) {
  let initial: Float64Array[] = [];
  await run(rule, shape, ({ network }, snapshot, t) => {
    const now = network.weights.map((layer) => mismatch(layer, snapshot));
    if (t < 0) initial = now;
    else
      now.forEach((numbers, k) =>
        numbers.forEach((value, i) => expect(Math.abs(value - leftover[t] * initial[k][i])).toBeLessThan(1e-12)),
      );
  });
}

const minus = (a: ArrayLike<number>, b: ArrayLike<number>): Float64Array => Float64Array.from(a, (x, i) => x - b[i]);

test('KP: B - W shrinks by c_t', () =>
  fc.assert(
    fc.asyncProperty(cases, (shape) =>
      shrinks('kp', shape, (layer, s) => minus(feedbackOf(layer, 'feedback', s), weightsOf(layer, s))),
    ),
    { numRuns: 25 },
  ));

test('PFA, any B: R - Bᵀ W shrinks by c_t', () =>
  fc.assert(
    fc.asyncProperty(cases, (shape) =>
      shrinks('pfa', shape, (layer, s) => {
        const { rows, columns } = layer.weight;
        const B = layer.feedback['B'];
        const product = multiply(weightsOf(layer, s), feedbackOf(layer, 'B', s), rows, columns, B.columns);
        return minus(feedbackOf(layer, 'R', s), product);
      }),
    ),
    { numRuns: 25 },
  ));

test('PFA-o: the path B R - W shrinks by c_t', () =>
  fc.assert(
    fc.asyncProperty(cases, (shape) =>
      shrinks('pfao', shape, (layer, s) => {
        const { rows, columns } = layer.weight;
        const { R, B } = layer.feedback;
        const path = multiply(feedbackOf(layer, 'R', s), feedbackOf(layer, 'B', s), rows, R.columns, B.rows, true);
        expect(path).toHaveLength(rows * columns);
        return minus(path, weightsOf(layer, s));
      }),
    ),
    { numRuns: 25 },
  ));

test('sparse PFA: what is masked stays 0, and the rest of R - Bᵀ W shrinks by c_t', () =>
  fc.assert(
    fc.asyncProperty(cases, async (shape) => {
      let initial: Float64Array[] = [];
      const visit: Visit = ({ network }, s, t) => {
        const now = network.weights.map((layer) => {
          const { rows, columns } = layer.weight;
          const R = feedbackOf(layer, 'R', s);
          const bits = s.get(`${layer.feedback['R'].name}.mask`) as Numbers;
          const width = layer.feedback['B'].columns;
          const product = multiply(weightsOf(layer, s), feedbackOf(layer, 'B', s), rows, columns, width);
          return Float64Array.from(R, (value, i) => {
            if (!isKept(bits, i)) expect(value).toBe(0);
            return isKept(bits, i) ? value - product[i] : 0;
          });
        });
        if (t < 0) initial = now;
        else
          now.forEach((numbers, k) =>
            numbers.forEach((value, i) => expect(Math.abs(value - leftover[t] * initial[k][i])).toBeLessThan(1e-12)),
          );
      };
      await run('pfa', shape, visit, { sparsity: 0.5 });
    }),
    { numRuns: 25 },
  ));

/** Trains under `rule` with its feedback written by `mirror` before every step; the weights at the end. */
async function mirrored(rule: string, shape: Case, mirror: (layer: WeightLayer, s: Snapshot) => [string, Numbers]) {
  return run(rule, shape, (trainer, snapshot) => {
    const written = new Map(snapshot);
    for (const layer of trainer.network.weights) {
      const [key, numbers] = mirror(layer, snapshot);
      written.set(layer.feedback[key].name, numbers);
    }
    trainer.restore(written);
  });
}

const agree = (shape: Case, a: Snapshot, b: Snapshot): void => {
  for (let k = 0; k <= shape.hidden.length; k++)
    minus(a.get(`layers.${k}.weight`) as Numbers, b.get(`layers.${k}.weight`) as Numbers).forEach((difference) =>
      expect(Math.abs(difference)).toBeLessThan(1e-12),
    );
};

test('FA with B = W, and PFA-o with R = Bᵀ W, are BP', () =>
  fc.assert(
    fc.asyncProperty(cases, async (shape) => {
      const exact = await run('bp', shape, () => undefined);
      agree(shape, exact, await mirrored('fa', shape, (layer, s) => ['feedback', weightsOf(layer, s).slice()]));
      const product = (layer: WeightLayer, s: Snapshot): [string, Numbers] => {
        const { rows, columns } = layer.weight;
        const B = layer.feedback['B'];
        const R = multiply(weightsOf(layer, s), feedbackOf(layer, 'B', s), rows, columns, B.columns);
        return ['R', new Float64Array(R)];
      };
      agree(shape, exact, await mirrored('pfao', shape, product));
    }),
    { numRuns: 25 },
  ));

test('PFA whose R does not learn is FA with the fixed path B R₀', () =>
  fc.assert(
    fc.asyncProperty(cases, async (shape) => {
      const paths: Numbers[] = [];
      const start = new Map<string, Numbers>();
      const frozen = await mirrored('pfa', shape, (layer, s) => {
        const { R, B } = layer.feedback;
        if (!start.has(R.name)) {
          start.set(R.name, feedbackOf(layer, 'R', s));
          const path = multiply(feedbackOf(layer, 'R', s), feedbackOf(layer, 'B', s), R.rows, R.columns, B.rows, true);
          paths.push(new Float64Array(path));
        }
        return ['R', start.get(R.name) as Numbers];
      });
      agree(shape, frozen, await mirrored('fa', shape, (layer) => ['feedback', paths[layer.index]]));
    }),
    { numRuns: 25 },
  ));

test('a mixture that is all path is PFA, and one that is all copies is KP', () =>
  fc.assert(
    fc.asyncProperty(cases, async (shape) => {
      const paths = { pathShare: 1, fixedShare: 0 };
      agree(shape, await run('pfa', shape, () => undefined), await run('mixed', shape, () => undefined, paths));
      const copies = { pathShare: 0, fixedShare: 0 };
      let initial: Float64Array[] = [];
      const visit: Visit = ({ network }, s, t) => {
        const now = network.weights.map((layer) => minus(feedbackOf(layer, 'copied', s), weightsOf(layer, s)));
        if (t < 0) initial = now;
        else
          now.forEach((numbers, k) =>
            numbers.forEach((value, i) => expect(Math.abs(value - leftover[t] * initial[k][i])).toBeLessThan(1e-12)),
          );
      };
      await run('mixed', shape, visit, copies);
    }),
    { numRuns: 25 },
  ));

/** Trains PFA and its factored form over the same steps: weights, losses and all metrics have to agree. */
async function agreeFactored(shape: Case, change: Partial<Experiment>, dataset = datasetOf(shape)): Promise<void> {
  const [literal, factored] = ['pfa', 'pfaf'].map(
    (rule) => new Trainer(experimentOf(rule, shape, 0, change), dataset),
  ) as [Trainer, Trainer];
  await Promise.all([literal, factored].map((trainer) => trainer.prepare(cpuDevice('float64'))));
  const close = (a: number, b: number, tolerance: number) =>
    expect(Object.is(a, b) || Math.abs(a - b) <= tolerance, `${a} and ${b}`).toBe(true);
  for (let t = 0; t < steps; t++) {
    const metrics = await Promise.all([literal.align(), factored.align()]);
    metrics[0].flat().forEach((expected, i) => {
      const actual = metrics[1].flat()[i];
      for (const key of ['angle', 'ratio', 'updateAngle'] as const) close(actual[key], expected[key], 1e-5);
    });
    const scores = await Promise.all(
      [literal, factored].map(async (trainer) => {
        await trainer.tune(experimentOf(trainer.experiment.rule, shape, t, change));
        return (await trainer.train(1))[0];
      }),
    );
    scores[0].loss.forEach((loss, r) => close(scores[1].loss[r], loss, 1e-11));
  }
  const [a, b] = await Promise.all([literal.snapshot(), factored.snapshot()]);
  for (const { weight } of literal.network.weights)
    minus(a.get(weight.name) as Numbers, b.get(weight.name) as Numbers).forEach((difference) =>
      expect(Math.abs(difference)).toBeLessThan(1e-11),
    );
}

test('factored PFA is PFA: its weights, losses and metrics, in every replica', () =>
  fc.assert(
    fc.asyncProperty(cases, fc.integer({ min: 1, max: 3 }), (shape, replicas) => agreeFactored(shape, { replicas })),
    { numRuns: 25 },
  ));

test('and on convolutions', () =>
  fc.assert(
    fc.asyncProperty(cases, async (shape) => {
      const dataset = datasetOf({ ...shape, inputs: 32 });
      const change = { layers: parseNetwork('c3k3-c5k2s2-6'), replicas: 2 };
      await agreeFactored(shape, change, { ...dataset, shape: { height: 4, width: 4, channels: 2 } });
    }),
    { numRuns: 10 },
  ));

test('factored PFA that takes over weights derives its remainder from them', async () => {
  const shape: Case = { hidden: [5], inputs: 4, classes: 3, batch: 4, seed: 7, expansion: 2 };
  const trained = await run('bp', shape, () => undefined);
  const losses = ['pfa', 'pfaf'].map(async (rule) => {
    const trainer = new Trainer(experimentOf(rule, shape, 0), datasetOf(shape));
    await trainer.prepare(cpuDevice('float64'));
    trainer.restore(new Map([...trained].filter(([name]) => name.endsWith('.weight'))));
    // An epoch has three steps.
    return [...(await trainer.train(3)), ...(await trainer.train(1))].map(({ loss }) => loss[0]);
  });
  const [literal, factored] = await Promise.all(losses);
  factored.forEach((loss, i) => expect(loss).toBeCloseTo(literal[i], 11));
});

test('replicas are the runs of successive seeds, to the bit', () =>
  fc.assert(
    fc.asyncProperty(cases, fc.constantFrom('bp', 'pfa', 'brsf', 'wm', 'pal'), async (shape, rule) => {
      const together = await run(rule, shape, () => undefined, { replicas: 2 });
      for (const replica of [0, 1]) {
        const alone = await run(rule, shape, () => undefined, { seed: shape.seed + replica });
        for (const [name, numbers] of alone) {
          const both = together.get(name) as Numbers;
          expect(both.subarray(replica * numbers.length, (replica + 1) * numbers.length)).toEqual(numbers);
        }
      }
    }),
    { numRuns: 15 },
  ));

/** What networks of one program may differ in, all of it. */
const ofEachNetwork: fc.Arbitrary<Partial<Experiment>> = fc.record({
  seed: fc.nat(10_000),
  replicas: fc.integer({ min: 1, max: 2 }),
  sparsity: fc.constantFrom(0, 0.3, 0.8),
  epochs: fc.integer({ min: 1, max: 9 }),
  rate: fc.constantFrom(0.01, 0.1, 0.3),
  rateDrops: fc.constantFrom([], [1], [1, 2]),
  rateFactor: fc.constantFrom(0.1, 0.5),
  momentum: fc.constantFrom(0, 0.5, 0.9),
  decay: fc.constantFrom(0, 0.01),
  earlyDecay: fc.constantFrom(0.05, 0.1),
  earlyEpochs: fc.constantFrom(0, 0.7, 1, 1.4),
});

/** Trains two epochs and a step, as far at once as the schedules allow; the state, and the losses of each network. */
async function trained(experiments: readonly Experiment[], dataset: Dataset): Promise<[Snapshot, number[][]]> {
  const trainer = new Trainer(experiments, dataset);
  await trainer.prepare(cpuDevice('float64'));
  await trainer.warmUp();
  const losses: number[][] = [];
  while (trainer.step < 7) {
    const scores = await trainer.train(Math.min(7, trainer.boundary) - trainer.step);
    losses.push(...scores.map(({ loss }) => [...loss]));
  }
  return [await trainer.snapshot(), losses];
}

test('networks with rates, decays, schedules, sparsities and seeds of their own are what each is alone, to the bit', () =>
  fc.assert(
    fc.asyncProperty(
      cases,
      fc.constantFrom('bp', 'fa', 'kp', 'pfa', 'pfao', 'brsf', 'wm', 'pal'),
      fc.array(ofEachNetwork, { minLength: 2, maxLength: 4 }),
      async (shape, rule, changes) => {
        const experiments = changes.map((change) => experimentOf(rule, shape, 0, { mirrorSteps: 3, ...change }));
        const [together, losses] = await trained(experiments, datasetOf(shape));
        let first = 0;
        for (const experiment of experiments) {
          const [alone, lossesAlone] = await trained([experiment], datasetOf(shape));
          const last = first + experiment.replicas;
          expect(losses.map((networks) => networks.slice(first, last))).toEqual(lossesAlone);
          for (const [name, numbers] of alone) {
            const size = numbers.length / experiment.replicas;
            expect(together.get(name)?.subarray(first * size, last * size)).toEqual(numbers);
          }
          first = last;
        }
      },
    ),
    { numRuns: 25 },
  ));

test('every rule starts from the same weights and sees the same batches', async () => {
  const shape: Case = { hidden: [5], inputs: 4, classes: 3, batch: 2, seed: 11, expansion: 2 };
  const first = await losses('bp', shape);
  for (const rule of ['fa', 'dfa', 'usf', 'kp', 'wm', 'pfa', 'pfao']) expect(await losses(rule, shape)).toBe(first);
});

/** The loss of the first step: it depends on the initial weights and the first batch, and on no feedback. */
async function losses(rule: string, shape: Case): Promise<number> {
  const trainer = new Trainer(experimentOf(rule, shape, 0), datasetOf(shape));
  await trainer.prepare(cpuDevice('float64'));
  const [score] = await trainer.train(1);
  return score.loss[0];
}
