import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Device } from './device.ts';
import { replay, type Golden } from './golden.ts';
import { testDevice } from './testing.ts';

const files = import.meta.glob<Golden>('../../golden/*.json', { import: 'default' });

let gpu: Device;
beforeAll(async () => void (gpu = await testDevice()));
afterAll(() => gpu.destroy());

describe('golden vectors on WebGPU, within the tolerance of golden/SCHEMA.md', () => {
  for (const [path, load] of Object.entries(files)) {
    const name = path.replace(/.*\/|\.json/g, '');
    test(name, async () => {
      const deviations = await replay(await load(), gpu, name.endsWith('pal') ? 2e-5 : 1e-5);
      // As in golden.test.ts: these statistics hold a pass that the file does not record.
      const unrecorded = name === 'resnet_wm' ? /^step 0 norms\.\d+\.running/ : /^$/;
      expect(deviations.filter((deviation) => !unrecorded.test(deviation))).toEqual([]);
    });
  }
});
