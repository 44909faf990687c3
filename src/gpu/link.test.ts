import { expect, test } from 'vitest';
import type { Dataset, Split } from '../data/dataset.ts';
import { knownDatasets, type KnownId } from '../model/datasets.ts';
import type { Experiment } from '../model/experiment.ts';
import { defaultsFor } from '../model/fields.ts';
import { parseNetwork } from '../model/network.ts';
import { networkPresets, withPreset } from '../model/presets.ts';
import { rules } from '../model/rules/index.ts';
import { sizeOf } from '../model/shape.ts';
import type { Schedule } from './kernel.ts';
import { launch, type Room } from './launch.ts';
import { link } from './link.ts';
import { record } from './recording.ts';

/** As large as a known data set, and black. */
function black(id: KnownId): Dataset {
  const { images, ...known } = knownDatasets[id];
  const split = (count: number): Split => ({
    count,
    images: new Uint8Array(count * sizeOf(known.shape)),
    labels: new Uint8Array(count),
  });
  return { ...known, id, train: split(images.train), test: split(images.test) };
}

/** What every WebGPU adapter has along one dimension of a grid. */
const most = 65_535;

/** What every adapter has for one launch. */
const least: Omit<Room, 'schedules'> = { storageBuffers: 8, workgroups: most, sharedBytes: 16_384 };

/** A product takes one of the two schedules that an adapter has chosen. */
const schedules: readonly Schedule[] = ['quads', 'tiles64', 'tiles32', 'split'];

/** Records an experiment; whatever the schedule, every grid of it is one that every adapter has. */
function checkGrids(experiment: Experiment, id: KnownId): void {
  const { programs } = record(experiment, black(id), {});
  for (const schedule of schedules) {
    const chosen = { large: schedule, small: schedule };
    for (const each of new Set(Object.values(programs).flat())) {
      const { workgroups } = link(launch(each, { schedules: chosen, ...least }), most);
      expect(Math.max(...workgroups), each.kernel.name).toBeLessThanOrEqual(most);
    }
  }
}

const cases = Object.keys(knownDatasets).flatMap((id) =>
  networkPresets.flatMap((preset) =>
    // These two have every kind of product between them; the largest batches that the fields allow, and the usual ones.
    ['pfa', 'wm'].flatMap((rule) =>
      (['usual', 1024] as const).map((batch) => [id as KnownId, preset.id, rule, batch] as const),
    ),
  ),
);

test.each(cases)('no dispatch of %s, %s, %s, batch %s is too large for a grid', (id, network, rule, batch) => {
  const preset = networkPresets.find((candidate) => candidate.id === network);
  if (!preset) throw new Error(`There is no preset ${network}.`);
  const usual = withPreset(defaultsFor(rule), preset);
  const experiment = batch === 'usual' ? usual : { ...usual, batch, mirrorBatch: batch };
  checkGrids(experiment, id);
});

test('nor is any of a wide batch norm behind a full map', () => {
  const layers = parseNetwork('c64k3nl-bn');
  checkGrids({ ...defaultsFor('pfa'), layers, batch: 1024 }, 'cifar-10');
});

test('it is known which kernels can stand beside others in a launch: more launches are a slower step', () => {
  const linkable = new Map<string, boolean>();
  const note = (rule: string, layers: string): void => {
    const experiment = { ...defaultsFor(rule), layers: parseNetwork(layers), sparsity: 0.5 };
    for (const each of Object.values(record(experiment, black('cifar-10'), { extrapolate: true }).programs).flat()) {
      const [[unit]] = launch(each, { schedules: { large: 'tiles64', small: 'split' }, ...least }).chains;
      linkable.set(each.kernel.name, unit.outline.linkable);
    }
  };
  for (const { id } of rules) for (const layers of ['64-32', 'c4k3-c8k3-max2-flat-8']) note(id, layers);
  note('pfa', 'c4k3nl-bn-max2-a(c8k3s2nl-bn-c8k3nl-bnl)-b(c4k3l)-avg2-gavg-8');
  const names = (wanted: boolean): string[] =>
    [...linkable]
      .filter(([, is]) => is === wanted)
      .map(([name]) => name)
      .toSorted();
  expect(names(true).join(' ')).toBe(
    'apply blend combine convApply convOuter convPullback descend follow gather mix normal outer perturb pullback score ' +
      'superpose tally tick transpose uniform',
  );
  // The others share memory in their own way, run rarely, or compute maps, whose steps are long compared with their launches.
  expect(names(false).join(' ')).toBe(
    'angle centre cut fill inner mask moments normGradient normPullback normalise norms pool poolMoments skip spread ' +
      'straddle thin total track unpool unskip',
  );
});
