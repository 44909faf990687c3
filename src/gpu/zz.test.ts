import { test } from 'vitest';
import { defaultsFor } from '../model/experiment.ts';
import { networkPresets, withPreset } from '../model/presets.ts';
import { Trainer } from './trainer.ts';
import { bytesOf } from './tensor.ts';
test('mem', () => {
  for (const [r, p, x] of [['pfa', 4, 10], ['bp', 4, 1], ['wm',4,1],['dfa',4,1], ['pfa', 5, 10], ['pfa',0,10]] as const) {
    const experiment = { ...withPreset(defaultsFor(r), networkPresets[p]), expansion: x };
    const shape = { height: 32, width: 32, channels: 3 };
    const split = (count: number) => ({ count, images: { length: count * 3072, byteLength: count * 3072 } as unknown as Uint8Array, labels: new Uint8Array(count) });
    Object.setPrototypeOf(split, Uint8Array.prototype);
    const fake = (count: number) => { const s = split(count); Object.setPrototypeOf(s.images, Uint8Array.prototype); return s; };
    const t = new Trainer(experiment, { id: 'c', name: 'c', shape, classes: 10, mean: [0, 0, 0], std: [1, 1, 1], train: fake(50000), test: fake(10000) });
    console.log(r, p, t.bytes / 2 ** 20, t.largestBytes / 2 ** 20, t.dispatches);
    const groups = new Map<string, number>();
    for (const s of (t as any).plan?.tensors ?? (t as any).tensors ?? []) groups.set(s.name.replace(/\d+/g, '#'), (groups.get(s.name.replace(/\d+/g, '#')) ?? 0) + bytesOf([s]) / 2 ** 20);
    console.log([...groups].sort((a, b) => b[1] - a[1]).slice(0, 12));
  }
});
