import { describe, expect, test } from 'vitest';
import { cpuDevice } from './cpu.ts';
import { replay, type Golden, type GoldenState } from './golden-testing.ts';

const files = import.meta.glob<Golden>('../../golden/*.json', { import: 'default' });

describe('golden vectors on the CPU device in float64', () => {
  for (const [path, load] of Object.entries(files)) {
    const name = path.replace(/.*\/|\.json/g, '');
    test(name, async () => {
      const deviations = await replay(await load(), cpuDevice('float64'), 1e-6);
      // The reference's running statistics of this file hold one more pass before step 0, whose images it does not record.
      const unrecorded = name === 'resnet_wm' ? /^step 0 norms\.\d+\.running/ : /^$/;
      expect(deviations.filter((deviation) => !unrecorded.test(deviation))).toEqual([]);
    });
  }
});

test('a tensor that the file does not have under its name deviates', async () => {
  const golden = await files['../../golden/mlp_usf.json']();
  const renamed = <State extends GoldenState>(state: State): State => ({
    ...state,
    layers: state.layers.map(({ fb = null, ...layer }) => ({ ...layer, feedback: fb })),
  });
  const steps = golden.steps.map((step) => ({ ...step, after: renamed(step.after) }));
  const deviations = await replay({ ...golden, init: renamed(golden.init), steps }, cpuDevice('float64'), 1e-6);
  expect(deviations[0]).toMatch(/^step 0 layers\.0\.feedback: \d+ numbers, not in the file$/);
});

test('a ReLU is heard behind an op that only chooses numbers, and refused where no layer has it', async () => {
  const golden = await files['../../golden/pool_bp.json']();
  const inOrder = (order: readonly number[]): Golden => {
    const { spec } = golden.network;
    return { ...golden, network: { ...golden.network, spec: order.map((i) => spec[i]) } };
  };
  // conv, relu, maxpool, conv, relu, avgpool, flatten, linear
  expect(await replay(inOrder([0, 2, 1, 3, 4, 5, 6, 7]), cpuDevice('float64'), 1e-6)).toEqual([]);
  const behindMean = inOrder([0, 1, 2, 3, 5, 4, 6, 7]);
  await expect(replay(behindMean, cpuDevice('float64'), 1e-6)).rejects.toThrow('No layer for the ReLU of golden op 5.');
});
