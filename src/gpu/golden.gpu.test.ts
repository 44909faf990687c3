import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Device } from './device.ts';
import { replay, type Golden } from './golden-testing.ts';
import { testDevice, testGpu } from './testing.ts';

const files = import.meta.glob<Golden>('../../golden/*.json', { import: 'default' });

// Shaders with barriers take long to compile in software. These few files stand for a GPU: they have every kind of launch.
const few = ['mlp_bp', 'mlp_pfa_sparse', 'mlp_brsf', 'mlp_wm', 'cnn_bp'];

describe.each([
  ['on this adapter', testDevice, () => true],
  ['as on a GPU, joined', () => testGpu({ large: 'tiles64', small: 'split' }), (name: string) => few.includes(name)],
] as const)('golden vectors on WebGPU %s, within the tolerance of golden/SCHEMA.md', (_, open, chosen) => {
  let gpu: Device;
  beforeAll(async () => void (gpu = await open()));
  afterAll(() => gpu.destroy());

  for (const [path, load] of Object.entries(files)) {
    const name = path.replace(/.*\/|\.json/g, '');
    if (!chosen(name)) continue;
    test(name, async () => {
      const deviations = await replay(await load(), gpu, name.endsWith('pal') ? 2e-5 : 1e-5);
      // As in golden.test.ts: these statistics hold a pass that the file does not record.
      const unrecorded = name === 'resnet_wm' ? /^step 0 norms\.\d+\.running/ : /^$/;
      expect(deviations.filter((deviation) => !unrecorded.test(deviation))).toEqual([]);
    });
  }
});
