import { describe, expect, test } from 'vitest';
import { rules } from '../model/rules/index.ts';
import { cpuDevice } from './cpu.ts';
import { replay, type Golden } from './golden.ts';

const files = import.meta.glob<Golden>('../../golden/mlp_*.json', { import: 'default' });
const known = new Set(rules.map((rule) => rule.id));

describe('golden vectors on the CPU device in float64', () => {
  for (const [path, load] of Object.entries(files)) {
    const [, name = ''] = /mlp_(\w+)\.json$/.exec(path) ?? [];
    if (!known.has(name.replace('_sparse', ''))) continue;
    test(name, async () => {
      expect(await replay(await load(), cpuDevice('float64'), 1e-6)).toEqual([]);
    });
  }
});
