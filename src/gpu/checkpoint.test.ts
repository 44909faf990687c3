import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { readSafetensors, writeSafetensors } from '../data/safetensors.ts';
import { faultOf, flips, truncations } from '../data/testing.ts';
import { printExperiment } from '../model/codec.ts';
import type { Curves } from '../model/curves.ts';
import { FaultError } from '../model/fault.ts';
import { fieldKeys, fieldOf, fields } from '../model/fields.ts';
import { parseNetwork } from '../model/network.ts';
import { readCheckpoint } from './checkpoint.ts';
import { stateOf, writeCheckpoint } from './checkpoint-state.ts';
import { checkpointOf, file, tinyDataset, tinyExperiment, tinyTrainer } from './checkpoint-testing.ts';
import { cpuDevice } from './cpu.ts';
import { Trainer } from './trainer.ts';

test('a run is read back, however long its experiment takes to write', () => {
  const numbers = fieldKeys.flatMap((key) => {
    const field = fieldOf(key);
    return field.kind === 'number' ? [[key, (field.min + field.max) / 3] as const] : [];
  });
  const { rateDrops } = fields;
  const experiment = tinyExperiment('bp', {
    ...Object.fromEntries(numbers),
    // As many layers and characters as a network may have, and as many drops.
    layers: parseNetwork(Array.from({ length: 256 }, () => 'a(c16384k3nl-bn-c16384k3nl-bnl)').join('-')),
    rateDrops: Array.from({ length: rateDrops.most }, () => rateDrops.max),
  });
  const metadata = new Map([
    ['experiment', JSON.stringify(printExperiment(experiment))],
    ['shuffle', 'true'],
    ['clock', '1'],
  ]);
  expect(checkpointOf(new Map(), metadata).run?.experiment).toEqual(experiment);
});

test('a run that there is no memory for is refused with what to do', async () => {
  const trainer = await tinyTrainer(tinyExperiment('bp'), cpuDevice());
  const bytes = await writeCheckpoint(trainer);
  const full = vi.spyOn(Uint8Array.prototype, 'slice').mockImplementation(() => {
    throw new RangeError('Array buffer allocation failed');
  });
  onTestFinished(() => full.mockRestore());
  expect(() => readCheckpoint(file, bytes)).toThrow(/not enough memory for run.safetensors .*Close other/);
});

/** Of one network with one weight layer. */
const curves: Curves = {
  tables: {
    train: { width: 5, numbers: new Float32Array([1, 2, 2, 2, 0.5]) },
    test: { width: 3, numbers: new Float32Array([0, 2.5, 0.1]) },
    alignment: { width: 4, numbers: new Float32Array([0, 90, 1, NaN]) },
  },
  segments: [{ step: 0, rule: 'fa', starts: { train: 0, test: 0, alignment: 0 } }],
  changes: [],
};

test('curves that are kept with a run come back, and are none of its tensors', async () => {
  const trainer = await tinyTrainer(tinyExperiment('fa'), cpuDevice());
  const [plain, kept] = [await writeCheckpoint(trainer), await writeCheckpoint(trainer, { curves })].map((bytes) =>
    readCheckpoint(file, bytes),
  );
  expect([plain.curves, kept.curves]).toEqual([null, curves]);
  expect(kept.tensors).toEqual(plain.tensors);

  const { tensors, metadata } = readSafetensors(file, await writeCheckpoint(trainer, { curves }), { finite: false });
  metadata.set('curves', '{}');
  const damaged = readCheckpoint(file, writeSafetensors({ tensors, metadata }));
  expect(damaged.curves).toMatchObject({ message: expect.stringContaining('goes on without them') as string });
  expect([...stateOf(trainer, damaged)]).toEqual([...stateOf(trainer, plain)]);
});

describe('a damaged checkpoint', async () => {
  const experiment = tinyExperiment('fa', { replicas: 1 });
  const trainer = await tinyTrainer({ ...experiment, layers: [] }, cpuDevice());
  const bytes = await writeCheckpoint(trainer, { curves });

  test('that is cut short is refused', async () => {
    for (const part of truncations(bytes)) expect(await faultOf(() => readCheckpoint(file, part))).toBeDefined();
  });

  test('in which a byte differs is refused, or is a valid state no larger than the file', async () => {
    let valid = 0;
    for (const [, flipped] of flips(bytes)) {
      const fault = await faultOf(() => {
        const checkpoint = readCheckpoint(file, flipped);
        try {
          const fresh = new Trainer(checkpoint.run?.experiment ?? experiment, tinyDataset());
          for (const numbers of stateOf(fresh, checkpoint).values()) {
            expect(numbers.length).toBeLessThan(flipped.length);
          }
        } catch (error) {
          // The flipped experiment may be one that does not fit the images.
          if (!(error instanceof FaultError && error.fault.kind === 'invalid')) throw error;
        }
      });
      if (!fault) valid++;
    }
    expect(valid).toBeGreaterThan(0);
  });
});
