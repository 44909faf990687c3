import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { rules } from '../model/rules/index.ts';
import type { Device } from './device.ts';
import { replay, type Golden } from './golden.ts';
import { testDevice } from './testing.ts';

const files = import.meta.glob<Golden>('../../golden/mlp_*.json', { import: 'default' });
const known = new Set(rules.map((rule) => rule.id));

let gpu: Device;
beforeAll(async () => void (gpu = await testDevice()));
afterAll(() => gpu.destroy());

describe('golden vectors on WebGPU', () => {
  for (const [path, load] of Object.entries(files)) {
    const [, name = ''] = /mlp_(\w+)\.json$/.exec(path) ?? [];
    if (!known.has(name.replace('_sparse', ''))) continue;
    test(name, async () => {
      expect(await replay(await load(), gpu, 1e-5)).toEqual([]);
    });
  }
});
