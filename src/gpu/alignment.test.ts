import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Experiment } from '../model/experiment.ts';
import { parseNetwork } from '../model/network.ts';
import type { Alignment } from './alignment.ts';
import { cpuDevice } from './cpu.ts';
import type { Dispatch } from './kernel.ts';
import { cases, datasetOf, experimentOf, steps, type Case } from './networks-testing.ts';
import { record } from './recording.ts';
import type { Numbers } from './tensor.ts';
import { Trainer } from './trainer.ts';

const replicaCounts = fc.integer({ min: 1, max: 3 });

async function prepared(rule: string, shape: Case, change: Partial<Experiment>, dataset = datasetOf(shape)) {
  const trainer = new Trainer(experimentOf(rule, shape, 0, change), dataset, { extrapolate: true });
  await trainer.prepare(cpuDevice('float64'));
  return trainer;
}

/** The largest difference between two alignments; infinite where only one is defined. */
function deviation(a: Alignment[][], b: Alignment[][]): number {
  const numbers = (alignment: Alignment[][]) =>
    alignment.flat().flatMap(({ angle, ratio, updateAngle }) => [angle, ratio, updateAngle]);
  const others = numbers(b);
  const apart = numbers(a).map((number, i) => (Object.is(number, others[i]) ? 0 : Math.abs(number - others[i])));
  return Math.max(...apart.map((difference) => (Number.isNaN(difference) ? Infinity : difference)));
}

/** Looks after every step. After a restore a look has to multiply, so that the two ways can be compared. */
async function expectExtrapolated(trainer: Trainer, shape: Case, change: Partial<Experiment>): Promise<void> {
  await trainer.align();
  for (let t = 0; t < steps; t++) {
    await trainer.tune(experimentOf(trainer.experiment.rule, shape, t, change));
    await trainer.train(1 + (t % 2));
    const extrapolated = await trainer.align();
    // The second time from a state in motion.
    if (t === 1) {
      trainer.restore(await trainer.snapshot());
      expect(deviation(await trainer.align(), extrapolated)).toBeLessThan(1e-5);
    }
  }
  const extrapolated = await trainer.align();
  trainer.restore(await trainer.snapshot());
  expect(deviation(await trainer.align(), extrapolated)).toBeLessThan(1e-5);
}

test('a path that is extrapolated is the one that is multiplied, from rest and in motion, under changing rates', () =>
  fc.assert(
    fc.asyncProperty(cases, replicaCounts, fc.constantFrom('pfa', 'pfao'), async (shape, replicas, rule) => {
      await expectExtrapolated(await prepared(rule, shape, { replicas }), shape, { replicas });
    }),
    { numRuns: 25 },
  ));

test('and on convolutions', () =>
  fc.assert(
    fc.asyncProperty(cases, async (shape) => {
      const dataset = { ...datasetOf({ ...shape, inputs: 32 }), shape: { height: 4, width: 4, channels: 2 } };
      const change = { layers: parseNetwork('c3k3-c5k2s2-6'), replicas: 2 };
      await expectExtrapolated(await prepared('pfa', shape, change, dataset), shape, change);
    }),
    { numRuns: 5 },
  ));

test('a path whose connections are cut is multiplied, and extrapolated again once none is', async () => {
  const shape: Case = { hidden: [6, 5], inputs: 4, classes: 3, batch: 4, seed: 3, expansion: 4 };
  const trainer = await prepared('pfa', shape, {});
  await trainer.align();
  for (const sparsity of [0.5, 0, 0.9]) {
    await trainer.tune(experimentOf('pfa', shape, 0, { sparsity }));
    for (const look of ['first', 'second']) {
      // An epoch.
      await trainer.train(3);
      const seen = await trainer.align();
      trainer.restore(await trainer.snapshot());
      expect(deviation(await trainer.align(), seen), `${look} look at ${sparsity}`).toBeLessThan(1e-5);
    }
  }
});

/** Multiply-adds of recorded products. */
const workOf = (dispatches: readonly Dispatch[]): number =>
  dispatches.reduce((sum, { constants: { M, N, K } }) => sum + (Number(M) * Number(N) * Number(K) || 0), 0);

test('to look at PFA costs no more than a step of it, once it can be extrapolated', () => {
  const shape: Case = { hidden: [512, 512], inputs: 784, classes: 10, batch: 64, seed: 0, expansion: 10 };
  const { programs } = record(experimentOf('pfa', shape, 0), datasetOf(shape), { extrapolate: true });
  const step = workOf(programs.stepEven);
  expect(workOf(programs.multiply)).toBeGreaterThan(3 * step);
  expect(workOf([...programs.extrapolate, ...programs.probe])).toBeLessThan(step);
});

test.each(['usf', 'frsf', 'brsf', 'mixed'])(
  'a step of %s makes nothing for the message that the first layer does not send; a look does',
  (rule) => {
    const shape: Case = { hidden: [6], inputs: 4, classes: 3, batch: 4, seed: 0, expansion: 2 };
    const { programs } = record(experimentOf(rule, shape, 0), datasetOf(shape), {});
    const writes = (dispatches: readonly Dispatch[], layer: number): boolean =>
      dispatches.some(({ kernel, tensors }) =>
        Object.entries(tensors).some(
          ([binding, { name }]) =>
            kernel.bindings[binding] === 'write' &&
            [`layers.${layer}.feedback`, `layers.${layer}.M`, `path${layer}.4.6`].includes(name),
        ),
      );
    expect([0, 1].map((layer) => writes(programs.stepEven, layer))).toEqual([false, true]);
    expect([0, 1].map((layer) => writes(programs.probe, layer))).toEqual([true, true]);
  },
);

test.each(['fa', 'wm', 'pal', 'pfa'])('a look at %s writes no weight, and nothing of it outlasts it', async (rule) => {
  const shape: Case = { hidden: [6], inputs: 32, classes: 3, batch: 4, seed: 3, expansion: 2 };
  const dataset = { ...datasetOf(shape), shape: { height: 4, width: 4, channels: 2 } };
  const trainer = await prepared(rule, shape, { layers: parseNetwork('c3k3-6') }, dataset);
  const [state, seen] = [await trainer.snapshot(), await trainer.align()];
  const { size } = trainer.network.weights[1].weight.value;
  trainer.inject('layers.1.weight', new Float64Array(size).fill(NaN));
  const wild = await trainer.snapshot();
  await trainer.align();
  expect(await trainer.snapshot()).toEqual(wild);
  trainer.restore(state);
  expect(deviation(await trainer.align(), seen)).toBe(0);
});

/** The path angles of DFA, layer by layer. */
async function directAngles(layers: string): Promise<number[]> {
  const shape: Case = { hidden: [], inputs: 4, classes: 3, batch: 4, seed: 3, expansion: 1 };
  const trainer = await prepared('dfa', shape, { layers: parseNetwork(layers) });
  return (await trainer.align()).map(([{ angle }]) => angle);
}

test.each([
  ['9-6', [true, true, true]],
  ['9-flat-6', [true, true, true]],
  ['9l-6l', [true, true, true]],
  ['9-bn-6', [false, true, true]],
  ['9-a(9l)', [false, false, true]],
  ['9-a(9l)-6', [false, false, true, true]],
  ['9-avg3s1p1-6', [false, true, true]],
  ['c4k1-6', [false, true, true]],
])('DFA on %s has a path to compare with where only fully connected layers follow', async (layers, defined) => {
  expect((await directAngles(layers)).map((angle) => !Number.isNaN(angle))).toEqual(defined);
});

test('DFA is compared with the product of the weights that follow', async () => {
  const shape: Case = { hidden: [6, 5], inputs: 4, classes: 3, batch: 4, seed: 3, expansion: 1 };
  const trainer = await prepared('dfa', shape, {});
  const state = await trainer.snapshot();
  const { weights } = trainer.network;
  const of = (k: number) =>
    (state.get(weights[k].weight.name) as Numbers).subarray(0, weights[k].weight.rows * weights[k].weight.columns);
  // [6][3] of the upper two layers, then [4][3] of all three.
  const upper = product(of(1), of(2), 6, 5, 3);
  const forwards = [product(of(0), upper, 4, 6, 3), upper, of(2)];
  expect(await trainer.align()).toHaveLength(forwards.length);
  for (const [k, [{ angle }]] of (await trainer.align()).entries()) {
    const feedback = state.get(weights[k].feedback['feedback'].name) as Numbers;
    expectAngle(angle, [...feedback], [...forwards[k]]);
  }
});

/** a[m,k] b[k,n]. */
function product(a: ArrayLike<number>, b: ArrayLike<number>, m: number, k: number, n: number): Float64Array {
  const c = new Float64Array(m * n);
  for (let i = 0; i < m * n; i++) for (let l = 0; l < k; l++) c[i] += a[Math.floor(i / n) * k + l] * b[l * n + (i % n)];
  return c;
}

test('the look of DFA at a network grows with its depth, and not faster', () => {
  const shape: Case = { hidden: [], inputs: 4, classes: 3, batch: 4, seed: 0, expansion: 1 };
  const dispatches = (depth: number): number => {
    const layers = parseNetwork(Array<string>(depth).fill('8').join('-'));
    return record(experimentOf('dfa', shape, 0, { layers }), datasetOf(shape), {}).programs.probe.length;
  };
  expect(dispatches(40) - dispatches(20)).toBe(dispatches(20) - dispatches(0));
});

test('the update angle is the one between the updates of the rule and of BP, however large the batch', () =>
  fc.assert(
    fc.asyncProperty(
      cases,
      replicaCounts,
      fc.constantFrom('fa', 'kp', 'pfa', 'dfa'),
      fc.constantFrom(1, 2, 24),
      async (shape, replicas, rule, batch) => {
        // Without momentum and decay, a velocity is the bare gradient.
        const change = { replicas, batch, momentum: 0, decay: 0, earlyDecay: 0 };
        const dataset = datasetOf({ ...shape, batch });
        const [trainer, exact] = await Promise.all([rule, 'bp'].map((id) => prepared(id, shape, change, dataset)));
        const seen = await trainer.align();
        const [learned, bare] = await Promise.all(
          [trainer, exact].map(async (each) => {
            await each.train(1);
            return each.snapshot();
          }),
        );
        // The last layer's is that of BP under every rule.
        expect(seen.at(-1)?.map(({ updateAngle }) => updateAngle)).toEqual(Array(replicas).fill(0));
        for (const [k, { weight }] of trainer.network.weights.slice(0, -1).entries()) {
          const { size, name } = weight.velocity as { size: number; name: string };
          for (let r = 0; r < replicas; r++) {
            const of = (snapshot: ReadonlyMap<string, Numbers>) =>
              [...(snapshot.get(name) as Numbers)].slice(r * size, r * size + weight.rows * weight.columns);
            expectAngle(seen[k][r].updateAngle, of(learned), of(bare));
          }
        }
      },
    ),
    { numRuns: 40 },
  ));

function expectAngle(actual: number, u: readonly number[], v: readonly number[]): void {
  const [uu, vv] = [u, v].map((w) => Math.hypot(...w));
  if (uu === 0 || vv === 0) return expect(actual).toBeNaN();
  const minus = Math.hypot(...u.map((x, i) => x / uu - v[i] / vv));
  const plus = Math.hypot(...u.map((x, i) => x / uu + v[i] / vv));
  expect(Math.abs(actual - (2 * Math.atan2(minus, plus) * 180) / Math.PI)).toBeLessThan(1e-5);
}
