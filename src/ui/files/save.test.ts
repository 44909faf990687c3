import { expect, test } from 'vitest';
import { defaultsFor } from '../../model/fields.ts';
import { networkPresets } from '../../model/presets.ts';
import { gather, nameOf } from './save.ts';

test('a file is called by its run, in letters that every system takes', () => {
  expect(nameOf({ ...defaultsFor('pfa'), seed: 7 }, 120)).toBe('pfa_512-512_seed7_step120');
  expect(nameOf({ ...defaultsFor('bp'), layers: [], replicas: 3 }, 0)).toBe('bp_seeds1-3_step0');
  for (const { layers } of networkPresets) {
    const name = nameOf({ ...defaultsFor('pfao'), layers }, 1);
    expect(name).toMatch(/^pfao_[a-z0-9_-]+_seed1_step1$/);
    expect(name.length).toBeLessThan(80);
  }
});

test('a long file is whole, and the page has its turns while it is written', async () => {
  let turns = 0;
  const count = setInterval(() => turns++);
  const line = `${'ä'.repeat(99)}\n`;
  const file = await gather(Array.from({ length: 50_000 }, () => line));
  clearInterval(count);
  expect(await file.text()).toBe(line.repeat(50_000));
  expect(turns).toBeGreaterThan(0);
  expect((await gather([])).size).toBe(0);
});
